//! Filters as they are written: a name for each dimension, one or several values.

use super::{Dimension, Filter, InvalidFilter};

/// A value that stands for rows that do not say.
pub const SILENT: &str = "null";

/// What filters by exclusion begin with: `not_vendor=liberty`.
pub const NOT: &str = "not_";

/// Filters that are being read, a value at a time.
#[derive(Debug, Default)]
pub struct Filters(Vec<(Dimension, bool, Vec<Option<String>>)>);

/// The name of a filter that is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownFilter;

impl Filters {
    /// Adds a value to the filter of this name: `vendor`, or `not_vendor`.
    ///
    /// # Errors
    /// When there is no such dimension.
    pub fn add(&mut self, name: &str, value: String) -> Result<(), UnknownFilter> {
        let (excluded, word) = name.strip_prefix(NOT).map_or((false, name), |word| (true, word));
        let dimension: Dimension = word.parse().map_err(|_| UnknownFilter)?;
        let value = known_by(dimension, value);
        match self.0.iter_mut().find(|(known, not, _)| (*known, *not) == (dimension, excluded)) {
            Some((.., values)) => values.push(value),
            None => self.0.push((dimension, excluded, vec![value])),
        }
        Ok(())
    }

    /// # Errors
    /// When one of the values cannot be; names the dimension.
    pub fn read(self) -> Result<Vec<Filter>, (Dimension, InvalidFilter)> {
        self.0
            .into_iter()
            .map(|(dimension, excluded, values)| {
                Filter::new(dimension, values, excluded).map_err(|error| (dimension, error))
            })
            .collect()
    }
}

/// `offline` is what people call retail; `null` stands for rows that do not say.
fn known_by(dimension: Dimension, value: String) -> Option<String> {
    match (dimension, value.as_str()) {
        (_, SILENT) => None,
        (Dimension::Channel, "offline") => Some("retail".to_owned()),
        _ => Some(value),
    }
}
