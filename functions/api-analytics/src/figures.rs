//! Figures as the API shows them.

use std::{borrow::Cow, collections::BTreeMap};

use domain::metrics::{Definition, Metric, Step, Sums, Unit, Value, Why};
use rust_decimal::{Decimal, prelude::ToPrimitive as _};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer, ser::SerializeMap as _};

/// One field a metric; `null` where there is no figure, with the reason under `reasons`.
#[derive(Debug, Clone)]
pub(crate) struct Figures {
    values: Vec<(Metric, Value)>,
    /// Of `revenue_local`.
    currency: Option<String>,
}

impl Figures {
    pub(crate) fn of(metrics: &[Metric], sums: &Sums) -> Self {
        let currency = sums.currency.clone().filter(|_| sums.currencies == 1);
        Self { values: metrics.iter().map(|metric| (*metric, metric.value(sums))).collect(), currency }
    }

    /// The steps from the figures before to these.
    pub(crate) fn since(&self, before: &Self) -> Changes {
        let steps = self.values.iter().zip(&before.values).map(|((metric, now), (_, before))| {
            (metric.as_str(), before.known().zip(now.known()).map(|(before, now)| Step::new(before, now)))
        });
        Changes(steps.collect())
    }
}

impl JsonSchema for Figures {
    fn schema_name() -> Cow<'static, str> {
        "Figures".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut properties = serde_json::Map::new();
        for metric in Metric::ALL {
            let Definition { key, unit, meaning, .. } = metric.definition();
            let kind = match unit {
                Unit::Orders | Unit::Buyers => generator.subschema_for::<Option<i64>>(),
                _ => generator.subschema_for::<Option<Decimal>>(),
            };
            let mut schema = serde_json::Value::from(kind);
            schema["description"] = meaning.into();
            properties.insert(key.to_owned(), schema);
        }
        properties.insert("currency".to_owned(), generator.subschema_for::<Option<String>>().into());
        properties.insert("reasons".to_owned(), generator.subschema_for::<BTreeMap<String, Reason>>().into());
        json_schema!({
            "type": "object",
            "description": "The figures asked for; null where there is none, with the reason under `reasons`.",
            "properties": properties,
        })
    }
}

impl Serialize for Figures {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let mut reasons = BTreeMap::new();
        for (metric, value) in &self.values {
            let Definition { key, unit, .. } = metric.definition();
            match (value, unit) {
                (Value::Known(figure), Unit::Orders | Unit::Buyers) => {
                    map.serialize_entry(key, &figure.to_i64())?
                }
                (Value::Known(figure), _) => map.serialize_entry(key, figure)?,
                (Value::Unknown(why), _) => {
                    map.serialize_entry(key, &None::<Decimal>)?;
                    reasons.insert(key, Reason { code: *why, message: why.message() });
                }
            }
            if unit == Unit::LocalCurrency {
                map.serialize_entry("currency", &self.currency)?;
            }
        }
        if !reasons.is_empty() {
            map.serialize_entry("reasons", &reasons)?;
        }
        map.end()
    }
}

/// Why there is no figure.
#[derive(Debug, Serialize, JsonSchema)]
struct Reason {
    code: Why,
    message: &'static str,
}

/// A step a metric; `null` unless both figures are known.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(transparent)]
pub(crate) struct Changes(BTreeMap<&'static str, Option<Step>>);
