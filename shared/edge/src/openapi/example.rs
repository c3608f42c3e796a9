//! Examples of values, made from their schemas.

use serde_json::{Map, Value, json};

use super::schemas::Schemas;

/// Deeper values are left out: nobody reads them in an example.
const DEPTH_MAX: u8 = 8;

/// A value that this schema allows: the example it gives, or one made of those of its parts.
pub(super) fn of(schema: &Value, schemas: &Schemas) -> Value {
    made(schema, schemas, 0)
}

fn made(schema: &Value, schemas: &Schemas, depth: u8) -> Value {
    if let Some(given) = schema["examples"].get(0).or_else(|| schema.get("example")) {
        return given.clone();
    }
    if let Some(value) = schema.get("const").or_else(|| schema["enum"].get(0)) {
        return value.clone();
    }
    if depth > DEPTH_MAX {
        return Value::Null;
    }
    let followed = schemas.follow(schema);
    if !std::ptr::eq(followed, schema) {
        return made(followed, schemas, depth + 1);
    }
    for alternatives in ["oneOf", "anyOf"] {
        let first = schema[alternatives].as_array().and_then(|all| {
            all.iter().find(|one| one["type"] != "null").map(|one| made(one, schemas, depth + 1))
        });
        match first {
            Some(Value::Object(mut members)) if schema.get("properties").is_some() => {
                members.extend(members_of(schema, schemas, depth));
                return Value::Object(members);
            }
            Some(first) => return first,
            None => {}
        }
    }
    let mut all = Map::new();
    for part in schema["allOf"].as_array().into_iter().flatten() {
        if let Value::Object(members) = made(part, schemas, depth + 1) {
            all.extend(members);
        }
    }
    match kind(schema) {
        "object" => {
            all.extend(members_of(schema, schemas, depth));
            Value::Object(all)
        }
        "array" if schema.get("prefixItems").is_some() => {
            let items = schema["prefixItems"].as_array().into_iter().flatten();
            items.map(|item| made(item, schemas, depth + 1)).collect()
        }
        "array" if depth < DEPTH_MAX => json!([made(&schema["items"], schemas, depth + 1)]),
        "array" => json!([]),
        "integer" => schema.get("minimum").cloned().unwrap_or_else(|| json!(1)),
        "number" => json!(0.98),
        "boolean" => json!(true),
        "string" => text(schema).into(),
        _ if all.is_empty() => Value::Null,
        _ => Value::Object(all),
    }
}

fn members_of(schema: &Value, schemas: &Schemas, depth: u8) -> Map<String, Value> {
    let properties = schema["properties"].as_object().into_iter().flatten();
    let mut members: Map<String, Value> =
        properties.map(|(name, schema)| (name.clone(), made(schema, schemas, depth + 1))).collect();
    if members.is_empty()
        && let Some(values) = schema.get("additionalProperties").filter(|values| values.is_object())
    {
        members.insert("name".into(), made(values, schemas, depth + 1));
    }
    members
}

/// The first type that is not null.
fn kind(schema: &Value) -> &str {
    match &schema["type"] {
        Value::String(kind) => kind,
        Value::Array(kinds) => {
            kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null").unwrap_or("null")
        }
        _ if schema.get("properties").is_some() => "object",
        _ => "",
    }
}

fn text(schema: &Value) -> &'static str {
    match schema["format"].as_str().unwrap_or_default() {
        "uuid" => "0193e2f0-7a51-7c3e-9b1a-5d2f8c6e4a10",
        "date" => "2026-01-31",
        "date-time" => "2026-01-31T09:30:00Z",
        "decimal" => "1234.56",
        "email" => "ada@maison.example",
        "uri" => "https://app.maison.example/",
        "time" | "partial-date-time" => "08:00",
        _ => "text",
    }
}
