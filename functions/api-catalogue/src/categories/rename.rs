//! `POST /v1/categories/rename`

use data::{
    audit::{Event, Subject},
    catalogue,
    categories::{self, Category},
};
use domain::Action;
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{Context, words};

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "CategoryRename")]
struct Body {
    from: String,
    /// Another category, new or known: then both become one.
    to: String,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "categories-rename",
        "POST /v1/categories/rename",
        "Gives the products of a category another one",
    )
    .details("Figures by category follow at once, those of the past included.")
    .needs(&[Permission::CatalogueWrite])
    .body::<Body>()
    .ok::<Category>()
    .refuses(404, "not_found", "No product has this category.")
}

/// Renames a category, or joins it to another one. Answers with what the other has now.
///
/// # Errors
/// 404 for a category that no product has, 422 with every field at fault.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::CatalogueWrite)?;
        let body: Body = request.json()?;
        let mut fields = Vec::new();
        let to = words::check("/to", &body.to, words::NAME_CHARS_MAX, &mut fields).to_owned();
        if body.from.contains('\0') {
            words::check("/from", &body.from, words::NAME_CHARS_MAX, &mut fields);
        }
        if !fields.is_empty() {
            return Err(ApiError::validation(fields));
        }
        let mut tenant = ctx.database.tenant(&principal).await?;
        catalogue::lock(&mut tenant).await?;
        let known = categories::list(&mut tenant).await?;
        if !known.iter().any(|category| category.name == body.from) {
            return Err(ApiError::not_found());
        }
        let products = categories::rename(&mut tenant, &body.from, &to).await?;
        let renamed = categories::list(&mut tenant).await?.into_iter().find(|category| category.name == to);
        let event = Event::new(Action::CategoryRenamed).about(Subject::new("category", &body.from));
        request.record(&mut tenant, event.with("to", to.as_str()).with("products", products));
        tenant.commit().await?;
        Reply::ok(&renamed.ok_or_else(ApiError::not_found)?)
    })
}
