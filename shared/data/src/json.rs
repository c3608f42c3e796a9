//! Values as JSON that Postgres takes.

use serde::Serialize;

use crate::{Error, Result};

/// Postgres has no NUL in text, and what stands in a file may hold one.
pub(crate) fn without_nul(value: &(impl Serialize + ?Sized)) -> Result<String> {
    let json = serde_json::to_string(value).map_err(Error::stored("json.encode"))?;
    Ok(json.replace("\\u0000", ""))
}
