//! Parameters: names with values, in a query or as members of a body.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::request::field_error;
use crate::ApiError;

/// The parameters of a query as a type that refuses unknown ones.
///
/// # Errors
/// 400 `invalid_query` naming the parameter.
pub fn read_query<T: DeserializeOwned>(pairs: &[(String, String)]) -> Result<T, ApiError> {
    let given = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    let parser = serde_urlencoded::Deserializer::new(form_urlencoded::parse(given.as_bytes()));
    serde_path_to_error::deserialize(parser).map_err(|error| {
        ApiError::invalid_query(field_error(&error.path().to_string(), &error.inner().to_string(), ""))
    })
}

/// Members of a body as they would stand in a query: a list of values is a parameter that is given several times. `place` is where they
/// stand in the body.
///
/// # Errors
/// 422 naming the member that could not stand in a query.
pub fn pairs_of(members: &Map<String, Value>, place: &str) -> Result<Vec<(String, String)>, ApiError> {
    let unusable = |name: &str| {
        let message = "A parameter is a text, a number, true, false, null, or a list of these.";
        ApiError::field(format!("{place}/{name}"), "invalid", message)
    };
    let mut pairs = Vec::new();
    for (name, value) in members {
        let values = match value {
            Value::Array(values) => values.as_slice(),
            value => std::slice::from_ref(value),
        };
        for value in values {
            let text = match value {
                Value::Null => "null".to_owned(),
                Value::String(text) => text.clone(),
                Value::Bool(_) | Value::Number(_) => value.to_string(),
                Value::Array(_) | Value::Object(_) => return Err(unusable(name)),
            };
            if text.contains('\0') {
                return Err(unusable(name));
            }
            pairs.push((name.clone(), text));
        }
    }
    Ok(pairs)
}
