//! Profiles on their way in and out: JSON through the API and the database, TOML for people; and how they grow.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Layout, Profile};
use crate::text;

/// Why a profile cannot be used, and which part of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{message}", at(pointer))]
pub struct InvalidProfile {
    /// JSON pointer, for example `/layouts/0/tables/1`; empty for the whole.
    pub pointer: String,
    pub message: String,
}

fn at(pointer: &str) -> String {
    if pointer.is_empty() { String::new() } else { format!("{pointer}: ") }
}

impl Profile {
    /// Reads a profile strictly: unknown fields, wrong shapes and contradictions are errors.
    ///
    /// # Errors
    /// With the place of the first thing that is wrong.
    pub fn from_json(json: &Value) -> Result<Self, InvalidProfile> {
        let profile: Self = serde_path_to_error::deserialize(json).map_err(|error| InvalidProfile {
            pointer: pointer(error.path()),
            message: error.inner().to_string(),
        })?;
        profile.validate()?;
        Ok(profile)
    }

    /// The same of TOML, the form of the shipped profiles.
    ///
    /// # Errors
    /// As [`from_json`](Self::from_json); what is no TOML has no pointer.
    pub fn from_toml(toml: &str) -> Result<Self, InvalidProfile> {
        let whole = |message: String| InvalidProfile { pointer: String::new(), message };
        let table: toml::Table = toml::from_str(toml).map_err(|error| whole(error.to_string()))?;
        let json = serde_json::to_value(table).map_err(|error| whole(error.to_string()))?;
        Self::from_json(&json)
    }

    #[must_use]
    pub fn to_json(&self) -> Value {
        // Plain data with text keys always serialises.
        serde_json::to_value(self).unwrap_or_default()
    }

    #[must_use]
    pub fn to_toml(&self) -> String {
        toml::to_string_pretty(self).unwrap_or_default()
    }

    /// # Errors
    /// When the profile contradicts itself.
    pub fn validate(&self) -> Result<(), InvalidProfile> {
        let fault = |pointer: String, message: String| Err(InvalidProfile { pointer, message });
        if self.vendor.is_empty() || text::fold(&self.vendor).replace(' ', "_") != self.vendor {
            return fault("/vendor".to_owned(), format!("vendor key {:?} is not lower case", self.vendor));
        }
        if self.layouts.is_empty() {
            return fault("/layouts".to_owned(), "it has no layout".to_owned());
        }
        for (index, layout) in self.layouts.iter().enumerate() {
            let here = format!("/layouts/{index}");
            if let Err(message) = layout.check(self) {
                return fault(here, message);
            }
            for (index, table) in layout.tables.iter().enumerate() {
                if let Err(message) = table.check() {
                    return fault(format!("{here}/tables/{index}"), message);
                }
            }
        }
        Ok(())
    }

    /// What is known of a vendor when one of its files has taught one more layout: in the place of those that would
    /// fit the same file, beside all others. `None` when nothing is new.
    ///
    /// Layouts share the profile's currency, VAT basis and decimal sign. Where the lesson says them otherwise, the
    /// others would be read wrongly from now on: they are left to the older versions.
    #[must_use]
    pub fn taught(&self, lesson: &Self) -> Option<Self> {
        let same_terms = (self.currency, self.vat_included, self.decimal)
            == (lesson.currency, lesson.vat_included, lesson.decimal);
        if !same_terms {
            return Some(lesson.clone());
        }
        let is_new = |layout: &&Layout| !self.layouts.iter().any(|known| same_but_name(known, layout));
        let mut taught = self.clone();
        for layout in lesson.layouts.iter().filter(is_new) {
            taught.layouts.retain(|known| !fits_same_file(known, layout));
            taught.layouts.push(Layout { name: free_name(&taught, &layout.name), ..layout.clone() });
        }
        let words = lesson.file_words.iter().filter(|word| !self.file_words.contains(word));
        taught.file_words.extend(words.cloned());
        (taught != *self).then_some(taught)
    }
}

fn same_but_name(one: &Layout, other: &Layout) -> bool {
    Layout { name: other.name.clone(), ..one.clone() } == *other
}

/// Whether the headers that a known layout requires are all among those of a file that taught another one.
fn fits_same_file(known: &Layout, lesson: &Layout) -> bool {
    let (Some(known), Some(lesson)) = (known.main(), lesson.main()) else { return false };
    if known.columns.is_empty() {
        return lesson.columns.is_empty();
    }
    let there: BTreeSet<String> = lesson.columns.values().flatten().map(|word| text::compact(word)).collect();
    let is_there = |words: &Vec<String>| words.iter().any(|word| there.contains(&text::compact(word)));
    known.required.iter().all(|role| known.columns.get(role).is_none_or(is_there))
}

fn free_name(profile: &Profile, name: &str) -> String {
    let is_free = |name: &String| profile.layouts.iter().all(|layout| layout.name != *name);
    let numbered = (2..).map(|number| format!("{name} {number}"));
    std::iter::once(name.to_owned()).chain(numbered).find(is_free).unwrap_or_default()
}

/// `layouts[0].tables` as `/layouts/0/tables`.
fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    // Below a key that it does not know the path says nothing.
    let known = path.iter().take_while(|segment| !matches!(segment, Segment::Unknown));
    let parts = known.filter_map(|segment| match segment {
        Segment::Seq { index } => Some(format!("/{index}")),
        Segment::Map { key } => Some(format!("/{key}")),
        Segment::Enum { .. } | Segment::Unknown => None,
    });
    parts.collect()
}
