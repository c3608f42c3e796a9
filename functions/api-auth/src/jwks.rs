//! `GET /.well-known/jwks.json`: the keys that access tokens are signed with, for whoever checks them (RFC 7517).

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use data::signing_keys;
use edge::{
    ApiError, Boxed,
    http::{Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Serialize;

use crate::Context;

/// A new key is published long before it signs; so readers may keep the set for a while.
const CACHED: &str = "public, max-age=300";

#[derive(Serialize, JsonSchema)]
struct View {
    keys: Vec<KeyView>,
}

/// An Ed25519 public key (RFC 8037).
#[derive(Serialize, JsonSchema)]
struct KeyView {
    kty: &'static str,
    crv: &'static str,
    r#use: &'static str,
    alg: &'static str,
    kid: String,
    x: String,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "auth-jwks",
        "GET /.well-known/jwks.json",
        "Lists the keys that access tokens are signed with (RFC 7517)",
    )
    .for_anybody()
    .ok::<View>()
}

pub fn handle(ctx: &Context, _: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let keys = signing_keys::list(&mut *ctx.database.service().await?).await?;
        let view = |(kid, key)| KeyView {
            kty: "OKP",
            crv: "Ed25519",
            r#use: "sig",
            alg: "EdDSA",
            kid,
            x: URL_SAFE_NO_PAD.encode(key),
        };
        let reply = Reply::ok(&View { keys: keys.into_iter().map(view).collect() })?;
        Ok(reply.with_header("cache-control", CACHED))
    })
}

#[cfg(test)]
mod tests;
