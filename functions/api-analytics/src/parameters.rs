//! The parameters of the analytics routes as the API document describes them. `asked` reads them.

use domain::metrics::{Dimension, Metric, NOT, SILENT};
use edge::{Permission, openapi::Operation, page::Limit};
use schemars::{Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use crate::{
    asked::DIMENSIONS_MAX,
    forecast::{AHEAD, AHEAD_MAX},
};

/// What the API document says of every analysis.
pub(crate) fn analysis(function: &'static str, route: &'static str, summary: &'static str) -> Operation {
    Operation::new(function, route, summary)
        .needs(&[Permission::AnalyticsRead])
        .query_of(common)
        .revalidated()
}

/// What every analytics route understands: figures, days, and a filter for and against each dimension.
fn common(_: &mut SchemaGenerator) -> Schema {
    let metrics = Metric::ALL.map(Metric::as_str);
    let mut properties = Map::from_iter([
        ("from".to_owned(), day("First day, inclusive.", "2026-01-01")),
        ("to".to_owned(), day("Last day, inclusive.", "2026-12-31")),
        (
            "metric".to_owned(),
            json!({
                "type": "array", "items": {"enum": metrics}, "minItems": 1, "uniqueItems": true, "examples": [["revenue_eur"]],
                "description": "Figures, in this order; GET /v1/metrics explains them. Those of costs need `costs:read`.",
            }),
        ),
    ]);
    for dimension in Dimension::ALL.into_iter().filter(|dimension| !dimension.is_time()) {
        let meaning = dimension.meaning();
        let values = values(dimension);
        let filter = |description: String| {
            let mut schema =
                json!({"type": "array", "items": values, "minItems": 1, "description": description});
            if let Some(example) = example(dimension) {
                schema["examples"] = json!([[example]]);
            }
            schema
        };
        let name = dimension.as_str();
        properties.insert(
            name.to_owned(),
            filter(format!("Only rows with one of these. `{SILENT}`: rows that do not say. {meaning}")),
        );
        properties.insert(format!("{NOT}{name}"), filter("Only rows with none of these.".to_owned()));
    }
    json_schema!({"type": "object", "properties": properties})
}

/// What figures are broken down by.
pub(crate) fn by(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "object", "properties": {"by": by_of(&Dimension::ALL)}})
}

/// The same where the route must be told.
pub(crate) fn by_required(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "object", "properties": {"by": by_of(&Dimension::ALL)}, "required": ["by"]})
}

/// What lines over time are broken down by: anything but time.
pub(crate) fn by_untimed(_: &mut SchemaGenerator) -> Schema {
    let untimed: Vec<Dimension> =
        Dimension::ALL.into_iter().filter(|dimension| !dimension.is_time()).collect();
    json_schema!({"type": "object", "properties": {"by": by_of(&untimed)}})
}

/// Which groups come first.
pub(crate) fn sort(_: &mut SchemaGenerator) -> Schema {
    let mut words: Vec<String> = Metric::ALL.iter().map(|metric| metric.as_str().to_owned()).collect();
    words.extend(Metric::ALL.iter().map(|metric| format!("-{}", metric.as_str())));
    let description =
        "`-units`: highest first; `units`: lowest first. Without it the first metric, highest first.";
    json_schema!({"type": "object", "properties": {
        "sort": {"type": "string", "enum": words, "examples": ["-revenue_eur"], "description": description},
    }})
}

/// What two spans are compared.
pub(crate) fn with(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "object", "required": ["from", "to"], "properties": {
        "from": day("First day, inclusive.", "2026-01-01"),
        "to": day("Last day, inclusive.", "2026-01-31"),
        "with": {"type": "string", "enum": ["previous", "last_year"], "default": "previous",
            "description": "The span before, or the same one a year ago."},
        "with_from": day("First day of any other span; instead of `with`, and with `with_to`.", "2025-11-01"),
        "with_to": day("Its last day.", "2025-11-30"),
    }})
}

/// How many of each.
pub(crate) fn limit(generator: &mut SchemaGenerator) -> Schema {
    let limit = generator.subschema_for::<Limit>();
    json_schema!({"type": "object", "properties": {"limit": limit}})
}

/// How far a forecast looks ahead.
pub(crate) fn periods(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "object", "properties": {
        "periods": {"type": "integer", "minimum": 1, "maximum": AHEAD_MAX, "default": AHEAD, "description": "Intervals ahead."},
    }})
}

/// Whether a summary compares like for like as well.
pub(crate) fn like_for_like(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "object", "properties": {
        "like_for_like": {"type": "boolean", "default": false,
            "description": "Compares only vendors and stores that reported both spans, and names the others."},
    }})
}

/// Intervals that have a season.
pub(crate) fn interval(_: &mut SchemaGenerator) -> Schema {
    intervals(&["day", "week", "month", "quarter", "year"])
}

/// Intervals of a series.
pub(crate) fn any_interval(_: &mut SchemaGenerator) -> Schema {
    intervals(&["day", "week", "month", "quarter", "year", "fiscal_year"])
}

fn intervals(words: &[&str]) -> Schema {
    json_schema!({"type": "object", "properties": {
        "interval": {"type": "string", "enum": words, "default": "month", "examples": ["month"]},
    }})
}

fn by_of(dimensions: &[Dimension]) -> Value {
    let words: Vec<&str> = dimensions.iter().map(|dimension| dimension.as_str()).collect();
    json!({
        "type": "array", "items": {"enum": words}, "minItems": 1, "maxItems": DIMENSIONS_MAX, "uniqueItems": true,
        "examples": [["vendor"]],
        "description": "What the figures are broken down by; GET /v1/metrics explains the dimensions.",
    })
}

fn day(description: &str, example: &str) -> Value {
    json!({"type": "string", "format": "date", "examples": [example], "description": description})
}

fn values(dimension: Dimension) -> Value {
    match (dimension, dimension.values()) {
        (Dimension::Currency, _) => json!({"type": "string", "pattern": "^([A-Z]{3}|null)$"}),
        (_, Some(known)) => {
            let silent = [SILENT];
            let offline: &[&str] = if dimension == Dimension::Channel { &["offline"] } else { &[] };
            json!({"enum": known.iter().chain(offline).chain(&silent).collect::<Vec<_>>()})
        }
        (_, None) => {
            json!({"type": "string", "minLength": 1, "maxLength": domain::metrics::FILTER_VALUE_LEN_MAX})
        }
    }
}

fn example(dimension: Dimension) -> Option<&'static str> {
    match dimension {
        Dimension::Vendor => Some("liberty"),
        Dimension::Store => Some("Flagship"),
        Dimension::Product => Some("9529843000349"),
        Dimension::Country => Some("GB"),
        Dimension::City => Some("London"),
        Dimension::Currency => Some("GBP"),
        _ => None,
    }
}
