//! `POST /v1/auth/oidc/{provider}/start`: where to send the browser of somebody who wants to sign in.

use edge::{
    ApiError, Boxed,
    http::{Reply, Request},
    openapi::Operation,
};

use crate::{ProviderContext, session};

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "oidc-start",
        "POST /v1/auth/oidc/{provider}/start",
        "Says where to send a browser to sign in at an identity provider",
    )
    .path_text("provider", "google", "As the list names it.")
    .for_anybody()
    .header(&session::HEADER)
    .ok::<super::View>()
    .refuses(503, "provider_unavailable", "The provider does not answer as it should.")
}

pub fn handle(ctx: &ProviderContext, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let provider = ctx.providers.of(&request)?;
        super::begin(&ctx.database, provider, None, &request).await
    })
}
