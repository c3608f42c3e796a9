//! Lambda authorizer of the HTTP API (REQUEST, payload 2.0, simple answers), asked for every request.
//!
//! It says who calls and refuses nobody: whoever has no business in a route is refused by `edge::http`, in the one shape that
//! errors have.

use std::collections::HashMap;

use edge::{
    Boxed, DatabaseContext,
    callers::{self, Caller, Presented},
    http::Cookies,
};
use serde::{Deserialize, Serialize};

/// What API Gateway asks, as far as the answer depends on it.
#[derive(Deserialize)]
pub struct Event {
    headers: Option<HashMap<String, String>>,
    /// The `Cookie` header, in pieces.
    cookies: Option<Vec<String>>,
}

impl Event {
    fn presented(&self) -> Option<Presented<'_>> {
        let header = |name: &'static str| {
            let headers = self.headers.iter().flatten();
            headers
                .filter(move |(known, _)| known.eq_ignore_ascii_case(name))
                .map(|(_, value)| value.as_str())
        };
        let pieces = self.cookies.as_deref().unwrap_or_default();
        let cookies = if pieces.is_empty() {
            Cookies::read(header("cookie"))
        } else {
            Cookies::read(pieces.iter().map(String::as_str))
        };
        Presented::of(header("authorization"), &cookies)
    }
}

/// What API Gateway is told.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    /// Always: see above.
    is_authorized: bool,
    context: Context,
}

/// Reaches functions as `requestContext.authorizer.lambda`.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Context {
    Somebody(Box<Caller>),
    /// An empty context might be left out on the way.
    Nobody {
        caller: &'static str,
    },
}

/// Says who calls; fails only when the database does.
pub fn handle(ctx: &'static DatabaseContext, event: Event) -> Boxed<'static, anyhow::Result<Answer>> {
    Box::pin(async move { authorize(ctx, &event).await })
}

pub(crate) async fn authorize(ctx: &DatabaseContext, event: &Event) -> anyhow::Result<Answer> {
    let context = match callers::of(&ctx.database, event.presented()).await? {
        Some(caller) => Context::Somebody(Box::new(caller)),
        None => Context::Nobody { caller: "nobody" },
    };
    Ok(Answer { is_authorized: true, context })
}

#[cfg(test)]
mod tests;
