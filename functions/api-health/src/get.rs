//! `GET /v1/health`: whether the system works, database included.

use std::time::Duration;

use edge::{
    ApiError, Boxed,
    http::{Reply, Request},
    openapi::Operation,
};
use lambda_http::http::StatusCode;
use schemars::{JsonSchema, SchemaGenerator};
use serde::Serialize;
use tokio::time::timeout;

use crate::Context;

/// A database that takes longer is as good as away; whoever asks has a time limit as well.
const ANSWER_WITHIN: Duration = Duration::from_secs(2);

#[derive(Serialize, JsonSchema)]
struct View {
    status: &'static str,
    version: &'static str,
    checks: Checks,
}

#[derive(Serialize, JsonSchema)]
struct Checks {
    database: &'static str,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("health-get", "GET /v1/health", "Says whether the system works, database included")
        .for_anybody()
        .ok::<View>()
        .answer(503, "application/json", SchemaGenerator::subschema_for::<View>)
}

pub fn handle(ctx: &Context, _request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let (status, word) = match timeout(ANSWER_WITHIN, ctx.database.ping()).await {
            Ok(Ok(())) => (StatusCode::OK, "ok"),
            _ => (StatusCode::SERVICE_UNAVAILABLE, "failing"),
        };
        Reply::json(
            status,
            &View { status: word, version: env!("CARGO_PKG_VERSION"), checks: Checks { database: word } },
        )
    })
}

#[cfg(test)]
mod tests {
    use data::{Database, DatabaseSettings};
    use edge::http::{RequestBuilder, answer};
    use testkit::TestDatabase;

    use super::*;

    async fn health(database: Database) -> (u16, String) {
        let request = RequestBuilder::new("GET", "/v1/health").build();
        let response = answer(&Context { database }, handle, request).await;
        (response.status, response.json().to_string())
    }

    #[tokio::test]
    async fn it_is_ok_while_the_database_answers() {
        let database = TestDatabase::new().await;
        let (status, body) = health(database.app().clone()).await;
        assert_eq!(status, 200);
        insta::assert_snapshot!(body, @r#"{"checks":{"database":"ok"},"status":"ok","version":"0.1.0"}"#);
    }

    #[tokio::test]
    async fn it_is_503_and_names_the_check_when_the_database_is_away() {
        let database = TestDatabase::new().await;
        let settings =
            DatabaseSettings { url: "postgres://nobody@127.0.0.1:1/none".to_owned(), ..database.settings() };
        let (status, body) = health(Database::connect(&settings).unwrap()).await;
        assert_eq!(status, 503);
        insta::assert_snapshot!(body, @r#"{"checks":{"database":"failing"},"status":"failing","version":"0.1.0"}"#);
    }
}
