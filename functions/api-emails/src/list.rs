//! GET /v1/emails

use chrono::NaiveDate;
use data::emails::{self, EmailFilter};
use domain::{EmailStatus, EmailType};
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
    page::{self, Limit, Page},
};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{Context, views::EmailView};

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Query {
    r#type: Option<EmailType>,
    status: Option<EmailStatus>,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    #[serde(default)]
    limit: Limit,
    cursor: Option<String>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("emails-list", "GET /v1/emails", "Lists mails, newest first")
        .needs(&[Permission::EmailsRead])
        .query::<Query>()
        .ok::<Page<crate::views::EmailView>>()
}

/// Lists mails, newest first.
///
/// # Errors
/// 400 for an unknown parameter, word, date or cursor.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::EmailsRead)?;
        let Query { r#type: kind, status, from, to, limit, cursor } = request.query()?;
        let after = page::decode(cursor.as_deref())?;
        let filter = EmailFilter { kind, status, from, to };
        let mut tenant = ctx.database.tenant(&principal).await?;
        let rows = emails::list(&mut tenant, &filter, limit.probe(), after).await?;
        Reply::ok(&Page::new(rows, limit, |email| email.id).map(EmailView::from))
    })
}

#[cfg(test)]
mod tests;
