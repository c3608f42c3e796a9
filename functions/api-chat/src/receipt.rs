//! Where an answer comes from.

use assistant::{Knowledge, Plan, Shape};
use chrono::{DateTime, NaiveDate, Utc};
use data::{
    Tenant,
    analytics::{self, Source, VatBasis},
    coverage::{self, Coverage},
};
use domain::metrics::{Dimension, Filter, Metric, Order, Unit};
use edge::ApiError;
use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;

/// Most uploads that are named.
const UPLOADS_MAX: u32 = 50;

/// The plan in words, what its words mean, and how to get the figures without a question.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Receipt {
    in_words: String,
    metrics: Vec<Definition>,
    /// Amounts are in this currency, at the rate of the month, unless a metric says otherwise.
    currency: &'static str,
    /// What the latest amounts of each vendor include.
    vat: Vec<Vat>,
    /// The same figures from the analytics API.
    link: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Definition {
    key: &'static str,
    title: &'static str,
    meaning: &'static str,
    unit: Unit,
    line_classes: &'static str,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Vat {
    vendor: String,
    /// `null`: its files do not say.
    vat_included: Option<bool>,
}

/// What the figures rest on.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub(crate) struct Sources {
    uploads: Vec<Upload>,
    filters: Vec<Filter>,
    period: Option<Period>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Upload {
    id: Uuid,
    file_name: String,
    vendor: String,
    stated_at: DateTime<Utc>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Period {
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    /// What the question called it.
    label: Option<String>,
}

impl Receipt {
    /// # Errors
    /// When the database fails.
    pub(crate) async fn of(
        tenant: &mut Tenant,
        plan: &Plan,
        knowledge: &Knowledge,
    ) -> Result<Self, ApiError> {
        let definition = |metric: &Metric| {
            let known = metric.definition();
            Definition {
                key: known.key,
                title: known.title,
                meaning: known.meaning,
                unit: known.unit,
                line_classes: known.line_classes,
            }
        };
        let vat = |basis: VatBasis| Vat { vendor: basis.vendor, vat_included: basis.vat_included };
        Ok(Self {
            in_words: assistant::describe(plan, knowledge),
            metrics: plan.analysis.metrics.iter().map(definition).collect(),
            currency: "EUR",
            vat: analytics::vat_bases(tenant, &plan.analysis).await?.into_iter().map(vat).collect(),
            link: link(plan),
        })
    }
}

impl Sources {
    /// # Errors
    /// When the database fails.
    pub(crate) async fn of(tenant: &mut Tenant, plan: &Plan) -> Result<Self, ApiError> {
        let asked = &plan.analysis;
        let upload = |source: Source| Upload {
            id: source.id,
            file_name: source.file_name,
            vendor: source.vendor,
            stated_at: source.stated_at,
        };
        Ok(Self {
            uploads: analytics::sources(tenant, asked, UPLOADS_MAX).await?.into_iter().map(upload).collect(),
            filters: asked.filters.clone(),
            period: Some(Period { from: asked.from, to: asked.to, label: plan.days.clone() }),
        })
    }
}

/// What is missing in the days of a plan.
///
/// # Errors
/// When the database fails.
pub(crate) async fn missing(tenant: &mut Tenant, plan: &Plan) -> Result<Coverage, ApiError> {
    let books = coverage::load(tenant, None).await?;
    Ok(Coverage::of(tenant, &books, &plan.analysis).await?)
}

/// The call of the analytics API that gives the same figures.
fn link(plan: &Plan) -> String {
    let asked = &plan.analysis;
    let mut query = form_urlencoded::Serializer::new(String::new());
    let mut by = asked.by.clone();
    let path = match &plan.shape {
        Shape::Compare { with, .. } | Shape::Movers { with, .. } => {
            query
                .append_pair("with_from", &with.from.to_string())
                .append_pair("with_to", &with.to.to_string());
            "compare"
        }
        Shape::Forecast | Shape::Anomalies => {
            query.append_pair("interval", plan.interval().as_str());
            by.retain(|dimension| !dimension.is_time());
            if plan.shape == Shape::Forecast { "forecast" } else { "anomalies" }
        }
        _ if by.first().is_some_and(|first| first.is_time()) => {
            query.append_pair("interval", by.remove(0).as_str());
            "series"
        }
        _ if by.is_empty() => "summary",
        _ => {
            match asked.order {
                Order::Highest(metric) => query.append_pair("sort", &format!("-{}", metric.as_str())),
                Order::Lowest(metric) => query.append_pair("sort", metric.as_str()),
                Order::Group => &mut query,
            };
            if let Some(limit) = asked.limit.filter(|limit| *limit <= 100) {
                query.append_pair("limit", &limit.to_string());
            }
            "breakdown"
        }
    };
    if !by.is_empty() {
        query.append_pair("by", &by.iter().copied().map(Dimension::as_str).collect::<Vec<_>>().join(","));
    }
    query.append_pair(
        "metric",
        &asked.metrics.iter().copied().map(Metric::as_str).collect::<Vec<_>>().join(","),
    );
    for (name, day) in [("from", asked.from), ("to", asked.to)] {
        if let Some(day) = day {
            query.append_pair(name, &day.to_string());
        }
    }
    for filter in &asked.filters {
        let name = format!("{}{}", if filter.excluded { "not_" } else { "" }, filter.dimension.as_str());
        for value in &filter.values {
            query.append_pair(&name, value.as_deref().unwrap_or("null"));
        }
    }
    format!("/v1/analytics/{path}?{}", query.finish())
}
