//! What a report shows: filters as the analytics routes read them, and the analysis of a custom report.

use domain::{
    ReportKind, ReportScope, UploadId,
    metrics::{Analysis, Dimension, Filter, Filters, Metric, NOT, Order},
};
use edge::{ApiError, Permission, Principal, http::pairs_of};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Most dimensions a custom report is broken down by.
const DIMENSIONS_MAX: usize = 3;

/// The groups that a custom report shows.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CustomAnalysis {
    metrics: Vec<Metric>,
    #[serde(default)]
    by: Vec<Dimension>,
    #[serde(default)]
    order: Order,
    /// The first of them alone.
    limit: Option<u32>,
}

/// What a body says about it.
pub(crate) struct Asked<'a> {
    pub(crate) kind: ReportKind,
    pub(crate) filters: Option<&'a Map<String, Value>>,
    pub(crate) analysis: Option<&'a CustomAnalysis>,
    pub(crate) upload_id: Option<UploadId>,
}

impl Asked<'_> {
    /// # Errors
    /// 422 naming the field; 403 for what the caller may not see.
    pub(crate) fn read(&self, principal: &Principal) -> Result<ReportScope, ApiError> {
        let filters = self.filters.map(|given| filters(given, "/filters")).transpose()?.unwrap_or_default();
        let scope = ReportScope { filters, analysis: self.analysis()?, upload_id: self.upload_id };
        if self.upload_id.is_some() && self.kind != ReportKind::UploadCleaning {
            return Err(ApiError::field(
                "/upload_id",
                "not_for_kind",
                "Only a cleaning report is about one file.",
            ));
        }
        for needed in self.kind.needs(&scope) {
            let may = needed.parse().is_ok_and(|permission: Permission| principal.may(permission));
            if !may {
                return Err(ApiError::forbidden(format!("This needs the permission {needed}.")));
            }
        }
        Ok(scope)
    }

    fn analysis(&self) -> Result<Option<Box<Analysis>>, ApiError> {
        let Some(asked) = self.analysis else {
            // What people look at first, unless they say something else.
            let usual = || Analysis {
                by: vec![Dimension::Vendor],
                ..Analysis::of(&[Metric::RevenueEur, Metric::Units])
            };
            return Ok((self.kind == ReportKind::Custom).then(|| Box::new(usual())));
        };
        if self.kind != ReportKind::Custom {
            return Err(ApiError::field(
                "/analysis",
                "not_for_kind",
                "Only a custom report has an analysis.",
            ));
        }
        if asked.metrics.is_empty() {
            return Err(ApiError::field("/analysis/metrics", "missing", "Name at least one metric."));
        }
        if asked.by.len() > DIMENSIONS_MAX {
            let message = format!("by names at most {DIMENSIONS_MAX} dimensions.");
            return Err(ApiError::field("/analysis/by", "too_many", message));
        }
        let twice = |place: usize| asked.metrics[..place].contains(&asked.metrics[place]);
        if (0..asked.metrics.len()).any(twice)
            || (0..asked.by.len()).any(|n| asked.by[..n].contains(&asked.by[n]))
        {
            return Err(ApiError::field("/analysis", "duplicate", "A metric or dimension is named twice."));
        }
        let analysis = Analysis {
            by: asked.by.clone(),
            order: asked.order,
            limit: asked.limit,
            ..Analysis::of(&asked.metrics)
        };
        Ok(Some(Box::new(analysis)))
    }
}

/// Reads filters as the analytics routes do: `{"vendor": ["liberty"], "not_country": "DE"}`.
///
/// # Errors
/// 422 naming the filter.
pub(crate) fn filters(given: &Map<String, Value>, place: &str) -> Result<Vec<Filter>, ApiError> {
    let mut filters = Filters::default();
    for (name, value) in pairs_of(given, place)? {
        filters.add(&name, value).map_err(|_| {
            ApiError::field(format!("{place}/{name}"), "unknown", format!("{name} is not known here."))
        })?;
    }
    filters.read().map_err(|(dimension, error)| {
        ApiError::field(format!("{place}/{}", dimension.as_str()), "invalid", error.to_string())
    })
}

/// Filters as they are written.
pub(crate) fn written(filters: &[Filter]) -> Map<String, Value> {
    let mut written = Map::new();
    for filter in filters {
        let not = if filter.excluded { NOT } else { "" };
        let values = written
            .entry(format!("{not}{}", filter.dimension.as_str()))
            .or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(values) = values {
            values
                .extend(filter.values.iter().map(|value| value.as_deref().map_or(Value::Null, Value::from)));
        }
    }
    written
}

/// A kept analysis as it is written.
pub(crate) fn custom(scope: &ReportScope) -> Option<CustomAnalysis> {
    scope.analysis.as_ref().map(|kept| CustomAnalysis {
        metrics: kept.metrics.clone(),
        by: kept.by.clone(),
        order: kept.order,
        limit: kept.limit,
    })
}
