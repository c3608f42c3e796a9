//! `POST /v1/documents`

use data::{
    audit::{Event, Subject},
    documents,
};
use domain::Action;
use edge::{
    ApiError, Boxed, FieldError, Permission,
    http::{Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::View;
use crate::Context;

const TITLE_CHARS_MAX: usize = 200;
/// A hundred pages: notes are shorter, and books are no notes.
const TEXT_CHARS_MAX: usize = 200_000;
/// Of one organisation: all pieces are compared with each question that a model is asked.
const DOCUMENTS_MAX: i64 = 100;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Body {
    title: String,
    /// Plain text or Markdown.
    text: String,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("documents-add", "POST /v1/documents", "Adds a document that questions may be about")
        .details(
            "Pieces of it that are like a question are shown to the language model that reads it, where one is configured, without \
             addresses, numbers and accounts of people. No figure is ever taken from a document.",
        )
        .needs(&[Permission::AnalyticsRead, Permission::CatalogueWrite])
        .body::<Body>()
        .once()
        .refuses(409, "document_exists", "There is a document of this title.")
        .refuses(409, "too_many_documents", "The organisation has as many documents as it may have.")
        .created::<View>()
}

/// Adds a document.
///
/// # Errors
/// 422 with every field at fault; 409 for a title that is there, or one document too many.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::AnalyticsRead)?;
        request.require(Permission::CatalogueWrite)?;
        let body: Body = request.json()?;
        check(&body)?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let reply = request
            .once(&mut tenant, async |tenant| {
                if documents::count(tenant).await? >= DOCUMENTS_MAX {
                    let detail = format!(
                        "An organisation has at most {DOCUMENTS_MAX} documents: take one away first."
                    );
                    return Err(ApiError::conflict("too_many_documents", detail));
                }
                let pieces = assistant::pieces(&body.text);
                let added = documents::insert(tenant, body.title.trim(), &pieces, principal.user_id).await?;
                let detail = "There is a document of this title: take it away first.";
                let added = added.ok_or_else(|| ApiError::conflict("document_exists", detail))?;
                let event = Event::new(Action::DocumentAdded).about(Subject::new("document", added.id));
                request.record(tenant, event);
                Ok(View::from(added))
            })
            .await?;
        tenant.commit().await?;
        Ok(reply)
    })
}

fn check(body: &Body) -> Result<(), ApiError> {
    let mut fields = Vec::new();
    for (pointer, text, most) in
        [("/title", &body.title, TITLE_CHARS_MAX), ("/text", &body.text, TEXT_CHARS_MAX)]
    {
        if text.trim().is_empty() {
            fields.push(FieldError::new(pointer, "required", "Please say something here."));
        } else if text.chars().count() > most {
            fields.push(FieldError::new(pointer, "too_long", format!("This has at most {most} characters.")));
        } else if text.contains('\0') {
            fields.push(FieldError::new(pointer, "invalid", "This holds a NUL character."));
        }
    }
    if fields.is_empty() { Ok(()) } else { Err(ApiError::validation(fields)) }
}
