//! Reads what an analytics route is asked: figures, breakdowns, days and filters.

use chrono::NaiveDate;
use domain::metrics::{Analysis, Dimension, Filter, Filters, Metric, Order, Span};
use edge::{
    ApiError, FieldError, Permission, Principal,
    http::Request,
    page::{self, Limit},
};

use crate::{download::is_about_file, span};

/// Most dimensions one answer is broken down by.
pub(crate) const DIMENSIONS_MAX: usize = 3;

/// The query of an analytics route.
pub(crate) struct Asked {
    pub(crate) analysis: Analysis,
    /// Where both days are given.
    pub(crate) span: Option<Span>,
    /// A file is asked for, which leaves nothing out.
    whole: bool,
    /// What the route alone understands, in the order it was given.
    own: Vec<(String, String)>,
}

impl Asked {
    /// Reads the query. `own` names the parameters that the route understands besides.
    ///
    /// # Errors
    /// 400 naming the parameter; 403 for costs without the permission to see them.
    pub(crate) fn read(
        request: &Request,
        principal: &Principal,
        own: &[&str],
        metrics: &[Metric],
    ) -> Result<Self, ApiError> {
        let (about_file, pairs): (Vec<_>, Vec<_>) =
            request.pairs().into_iter().partition(|(name, _)| is_about_file(name));
        let asked = Self::read_pairs(pairs, principal, own, metrics)?;
        Ok(Self { whole: !about_file.is_empty(), ..asked })
    }

    /// The same of parameters that came otherwise.
    ///
    /// # Errors
    /// Those of [`read`](Self::read).
    pub(crate) fn read_pairs(
        pairs: Vec<(String, String)>,
        principal: &Principal,
        own: &[&str],
        metrics: &[Metric],
    ) -> Result<Self, ApiError> {
        let mut asked = Self { analysis: Analysis::of(&[]), span: None, whole: false, own: Vec::new() };
        let mut filters = Filters::default();
        for (name, value) in pairs {
            match name.as_str() {
                "from" => once(&mut asked.analysis.from, "from", day("from", &value)?)?,
                "to" => once(&mut asked.analysis.to, "to", day("to", &value)?)?,
                "metric" => words(&name, &value, &mut asked.analysis.metrics)?,
                "by" if own.contains(&"by") => words(&name, &value, &mut asked.analysis.by)?,
                _ if own.contains(&name.as_str()) => asked.own.push((name, value)),
                _ => filters.add(&name, value).map_err(|_| unknown(&name))?,
            }
        }
        asked.analysis.filters =
            filters.read().map_err(|(dimension, error)| refused(dimension.as_str(), error.to_string()))?;
        if asked.analysis.metrics.is_empty() {
            asked.analysis.metrics = metrics.to_vec();
        }
        asked.check(principal)?;
        asked.span = span::between(asked.analysis.from, asked.analysis.to)?;
        Ok(asked)
    }

    fn check(&self, principal: &Principal) -> Result<(), ApiError> {
        let costs = self.analysis.metrics.iter().any(|metric| metric.definition().is_cost);
        if costs && !principal.may(Permission::CostsRead) {
            let needed = Permission::CostsRead.as_str();
            return Err(ApiError::forbidden(format!("To see costs needs the permission {needed}.")));
        }
        if self.analysis.by.len() > DIMENSIONS_MAX {
            return Err(refused("by", format!("by names at most {DIMENSIONS_MAX} dimensions.")));
        }
        Ok(())
    }

    /// A parameter of the route.
    ///
    /// # Errors
    /// 400 when it is given twice.
    pub(crate) fn own(&self, name: &str) -> Result<Option<&str>, ApiError> {
        let mut given = self.own.iter().filter(|(known, _)| known == name);
        let value = given.next().map(|(_, value)| value.as_str());
        match given.next() {
            None => Ok(value),
            Some(_) => Err(twice(name)),
        }
    }

    /// A day among the route's own parameters.
    ///
    /// # Errors
    /// 400 when it is none or given twice.
    pub(crate) fn own_day(&self, name: &'static str) -> Result<Option<NaiveDate>, ApiError> {
        self.own(name)?.map(|value| day(name, value)).transpose()
    }

    /// The vendor that is meant, if it is one.
    pub(crate) fn only_vendor(&self) -> Option<&str> {
        let of_vendors = |filter: &&Filter| filter.dimension == Dimension::Vendor;
        let mut filters = self.analysis.filters.iter().filter(of_vendors);
        match (filters.next()?, filters.next()) {
            (Filter { values, excluded: false, .. }, None) if values.len() == 1 => values.first()?.as_deref(),
            _ => None,
        }
    }

    /// The days that are meant, where the route needs both.
    ///
    /// # Errors
    /// 400 naming the one that is missing.
    pub(crate) fn span(&self) -> Result<Span, ApiError> {
        let missing = if self.analysis.from.is_none() { "from" } else { "to" };
        self.span.ok_or_else(|| refused(missing, format!("{missing} is required here.")))
    }

    /// `sort=units` or `sort=-units`: lowest or highest first; else the first metric, highest first.
    ///
    /// # Errors
    /// 400 when there is no such metric.
    pub(crate) fn order(&self) -> Result<Order, ApiError> {
        let Some(word) = self.own("sort")? else {
            return Ok(self.analysis.metrics.first().map_or(Order::Group, |metric| Order::Highest(*metric)));
        };
        let (highest, word) = word.strip_prefix('-').map_or((false, word), |word| (true, word));
        let metric: Metric = word.parse().map_err(|message: &str| refused("sort", message))?;
        Ok(if highest { Order::Highest(metric) } else { Order::Lowest(metric) })
    }

    /// How many rows are shown.
    ///
    /// # Errors
    /// 400 for a limit at fault.
    pub(crate) fn shown(&self) -> Result<usize, ApiError> {
        let (limit, _) = self.page()?;
        Ok(if self.whole { usize::MAX } else { limit.get() })
    }

    /// How many groups a page has, and how many came before it.
    ///
    /// # Errors
    /// 400 for a limit or cursor at fault.
    pub(crate) fn page(&self) -> Result<(Limit, u32), ApiError> {
        let limit = match self.own("limit")? {
            None => Limit::default(),
            Some(text) => text
                .parse::<u32>()
                .ok()
                .and_then(|limit| Limit::try_from(limit).ok())
                .ok_or_else(|| refused("limit", "limit is 1 to 100."))?,
        };
        Ok((limit, page::decode(self.own("cursor")?)?.unwrap_or(0)))
    }
}

/// 400 about one parameter.
pub(crate) fn refused(field: &str, message: impl Into<String>) -> ApiError {
    ApiError::invalid_query(FieldError::new(field, "invalid", message))
}

fn unknown(name: &str) -> ApiError {
    ApiError::invalid_query(FieldError::new(name, "unknown", format!("{name} is not known here.")))
}

fn twice(name: &str) -> ApiError {
    ApiError::invalid_query(FieldError::new(name, "duplicate", format!("{name} is given twice.")))
}

fn once<T>(place: &mut Option<T>, name: &str, value: T) -> Result<(), ApiError> {
    if place.replace(value).is_some() { Err(twice(name)) } else { Ok(()) }
}

fn day(name: &str, value: &str) -> Result<NaiveDate, ApiError> {
    value.parse().map_err(|_| refused(name, format!("{name} is a day, for example 2026-01-31.")))
}

/// Words separated by commas, or a parameter given several times.
fn words<T>(name: &str, value: &str, known: &mut Vec<T>) -> Result<(), ApiError>
where
    T: std::str::FromStr<Err = &'static str> + PartialEq,
{
    for word in value.split(',') {
        let word = word.trim().parse().map_err(|message: &str| refused(name, message))?;
        if known.contains(&word) {
            return Err(twice(name));
        }
        known.push(word);
    }
    Ok(())
}
