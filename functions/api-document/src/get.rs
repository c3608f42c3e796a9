//! `GET /v1/openapi.json`: the API document.

use std::sync::LazyLock;

use edge::{
    ApiError, Boxed,
    http::{Reply, Request},
    openapi::Operation,
};
use schemars::json_schema;
use sha2::{Digest as _, Sha256};

use crate::{Context, DOCUMENT};

/// Names these very bytes.
static TAG: LazyLock<String> =
    LazyLock::new(|| format!("\"{}\"", domain::to_hex(&Sha256::digest(DOCUMENT.as_bytes())[..16])));

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("openapi-get", "GET /v1/openapi.json", "Answers with this document")
        .for_anybody()
        .revalidated()
        .answer(
            200,
            "application/json",
            |_| json_schema!({"type": "object", "examples": [{"openapi": "3.1.0"}]}),
        )
}

/// # Errors
/// None of its own.
pub fn handle(_ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let reply =
            if request.has(&TAG) { Reply::not_modified() } else { Reply::text("application/json", DOCUMENT) };
        Ok(reply.with_header("etag", TAG.as_str()).with_header("cache-control", "public, max-age=300"))
    })
}
