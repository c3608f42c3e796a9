//! `PUT /v1/models`

use data::{audit::Event, model_choices};
use domain::Action;
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{View, available};
use crate::Context;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Body {
    /// In the order in which they are asked; `null`: all as the installation has them, `[]`: none.
    chosen: Option<Vec<String>>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "models-update",
        "PUT /v1/models",
        "Chooses which language models are asked, and in which order",
    )
    .needs(&[Permission::AnalyticsRead, Permission::RolesManage])
    .body::<Body>()
    .ok::<View>()
}

/// Chooses models for the organisation.
///
/// # Errors
/// 422 for a model that there is not, or twice.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        request.require(Permission::AnalyticsRead)?;
        let principal = request.require(Permission::RolesManage)?;
        let Body { chosen } = request.json()?;
        let available = available(ctx);
        for (at, name) in chosen.iter().flatten().enumerate() {
            let twice = chosen.iter().flatten().take(at).any(|other| other == name);
            if twice || !available.contains(name) {
                return Err(ApiError::field(
                    format!("/chosen/{at}"),
                    "unknown",
                    "This is none of the available models, or stands twice.",
                ));
            }
        }
        let mut tenant = ctx.database.tenant(&principal).await?;
        model_choices::set(&mut tenant, chosen.as_deref()).await?;
        let names = chosen.as_ref().map_or_else(|| "all".to_owned(), |names| names.join(", "));
        request.record(&mut tenant, Event::new(Action::ModelsChosen).with("models", names));
        tenant.commit().await?;
        tracing::info!(models.chosen = chosen.as_ref().map(Vec::len), "models chosen");
        Reply::ok(&View { available, chosen })
    })
}
