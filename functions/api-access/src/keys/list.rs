//! `GET /v1/api-keys`

use data::api_keys;
use domain::ApiKeyId;
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
    Operation::new("api-keys-list", "GET /v1/api-keys", "Lists all keys, newest first, those that ended too")
        .needs(&[Permission::KeysManage])
        .query::<Paging>()
        .ok::<Page<View>>()
}

/// Lists all keys, newest first, those that ended too.
///
/// # Errors
/// 400 for an unknown parameter or cursor.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::KeysManage)?;
        let Paging { limit, cursor } = request.query()?;
        let after: Option<ApiKeyId> = page::decode(cursor.as_deref())?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let rows = api_keys::list(&mut tenant, limit.probe(), after).await?;
        Reply::ok(&Page::new(rows, limit, |key| key.id).map(View::from))
    })
}
