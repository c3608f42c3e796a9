//! `GET /v1/policies`

use data::policies;
use domain::PolicyId;
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
    page::{self, Page, Paging},
};

use super::View;
use crate::Context;

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("policies-list", "GET /v1/policies", "Lists the rules, newest first")
        .needs(&[Permission::RolesManage])
        .query::<Paging>()
        .ok::<Page<View>>()
}

/// Lists the policies, newest first.
///
/// # Errors
/// 400 for an unknown parameter or cursor.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::RolesManage)?;
        let Paging { limit, cursor } = request.query()?;
        let after: Option<PolicyId> = page::decode(cursor.as_deref())?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let rows = policies::list(&mut tenant, limit.probe(), after).await?;
        Reply::ok(&Page::new(rows, limit, |policy| policy.id).map(View::from))
    })
}
