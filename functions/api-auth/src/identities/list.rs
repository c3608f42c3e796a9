//! `GET /v1/me/identities`: at which providers the caller signs in.

use data::identities;
use edge::{
    ApiError, Boxed,
    http::{Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Serialize;

use super::View;
use crate::Context;

#[derive(Serialize, JsonSchema)]
struct ListView {
    data: Vec<View>,
    next_cursor: Option<String>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("identities-list", "GET /v1/me/identities", "Lists at which providers the caller signs in")
        .for_people()
        .ok::<ListView>()
}

pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.person()?;
        let mut tenant = ctx.database.system(principal.org_id).await?;
        let all = identities::list(&mut tenant, principal.user_id).await?;
        Reply::ok(&ListView { data: all.into_iter().map(View::from).collect(), next_cursor: None })
    })
}
