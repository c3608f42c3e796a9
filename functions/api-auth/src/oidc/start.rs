//! `POST /v1/auth/oidc/{provider}/start`: where to send the browser of somebody who wants to sign in.

use edge::{
    ApiError,
    http::{Reply, Request},
};

use crate::ProviderContext;

pub async fn handle(ctx: &ProviderContext, request: Request) -> Result<Reply, ApiError> {
    let provider = ctx.providers.of(&request)?;
    super::begin(&ctx.database, provider, None, &request).await
}
