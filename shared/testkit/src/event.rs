//! Example events, the same files that `cargo lambda invoke` takes.

use std::path::Path;

use serde_json::Value;

/// Reads `events/<name>.json`, for example `event("file-ingest/s3-put")`.
///
/// # Panics
/// When there is no such event or it is not JSON.
#[must_use]
pub fn event(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events").join(format!("{name}.json"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
