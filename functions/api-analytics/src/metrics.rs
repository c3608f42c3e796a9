//! `GET /v1/metrics`: what can be asked, with the definitions.

use domain::{
    Channel,
    metrics::{Definition, Dimension, Metric, Unit},
};
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Serialize;

use crate::Context;

#[derive(Debug, Serialize, JsonSchema)]
struct View {
    metrics: Vec<MetricView>,
    dimensions: Vec<DimensionView>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct MetricView {
    key: &'static str,
    title: &'static str,
    definition: &'static str,
    unit: Unit,
    /// Which line classes count.
    line_classes: &'static str,
    /// The only channel that reports it.
    reported_by: Option<Channel>,
    /// Whether parts add up to the whole, so that it has shares and contributions.
    additive: bool,
    /// What is needed to see it.
    permission: &'static str,
}

#[derive(Debug, Serialize, JsonSchema)]
struct DimensionView {
    key: &'static str,
    definition: &'static str,
    /// Whether it can be filtered by; days are by `from` and `to`.
    filter: bool,
    /// The only values, where they are fixed.
    values: Option<&'static [&'static str]>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("metrics-list", "GET /v1/metrics", "Lists metrics and dimensions")
        .needs(&[Permission::AnalyticsRead])
        .ok::<View>()
}

/// Lists metrics and dimensions.
///
/// # Errors
/// 403 without `analytics:read`.
pub fn handle(_: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        request.require(Permission::AnalyticsRead)?;
        let metric = |metric: Metric| {
            let Definition {
                key, title, meaning, unit, line_classes, reported_by, additive, is_cost, ..
            } = metric.definition();
            let permission = if is_cost { Permission::CostsRead } else { Permission::AnalyticsRead };
            MetricView {
                key,
                title,
                definition: meaning,
                unit,
                line_classes,
                reported_by,
                additive,
                permission: permission.as_str(),
            }
        };
        let dimension = |dimension: Dimension| DimensionView {
            key: dimension.as_str(),
            definition: dimension.meaning(),
            filter: !dimension.is_time(),
            values: dimension.values(),
        };
        Reply::ok(&View {
            metrics: Metric::ALL.into_iter().map(metric).collect(),
            dimensions: Dimension::ALL.into_iter().map(dimension).collect(),
        })
    })
}

#[cfg(test)]
mod tests;
