//! `GET /v1/chat/suggestions`: questions that can be asked of these very books.

use data::conversations;
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
    page::Page,
};

use crate::Context;

/// Most suggestions of each kind.
const CONFIRMED_MAX: u32 = 5;

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("chat-suggestions", "GET /v1/chat/suggestions", "Suggests questions")
        .needs(&[Permission::AnalyticsRead])
        .ok::<Page<String>>()
}

/// Suggests questions: confirmed ones first, then such as fit what is booked.
///
/// # Errors
/// When the database fails.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::AnalyticsRead)?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let confirmed = conversations::examples(&mut tenant, CONFIRMED_MAX).await?;
        let knowledge = ctx.knowledge(&mut tenant, &principal).await?;
        let mut data: Vec<String> = confirmed.into_iter().map(|example| example.question).collect();
        for question in assistant::suggestions(&knowledge) {
            if !data.contains(&question) {
                data.push(question);
            }
        }
        Reply::ok(&Page { data, next_cursor: None })
    })
}
