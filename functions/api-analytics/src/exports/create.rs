//! `POST /v1/exports`: has a file made of a list or an analysis.

use data::{
    audit::{Event, Subject},
    exports::{self, NewExport},
};
use domain::{Action, ExportFormat, ExportId, ExportRequested, NumberStyle};
use edge::{
    ApiError, Boxed,
    http::{Download, Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{
    Context, View,
    selection::{self, Source},
};

#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "NewExport")]
#[serde(deny_unknown_fields)]
struct Body {
    source: Source,
    /// The parameters of the source's own route, but `limit` and `cursor`: an export has all rows.
    #[serde(default)]
    query: Map<String, Value>,
    format: ExportFormat,
    /// How CSV writes numbers; `en` without it.
    locale: Option<NumberStyle>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("exports-create", "POST /v1/exports", "Has a file made of a list or an analysis, with all of its rows")
        .details(
            "`query` holds the parameters of the source's own route, but `limit` and `cursor`; one that is given several times there is a \
             list here. The caller needs the permission of that route, now and when the file is made.",
        )
        .body::<Body>()
        .accepted::<View>()
        .once()
        .refuses(403, "forbidden", "The caller may not see these rows, or what they cost.")
        .refuses(409, "too_many_exports", "Ten exports of the caller are under way.")
}

/// Takes the order, and wakes the job that carries it out.
///
/// # Errors
/// 422 with the field at fault; 403 for rows that are not the caller's to see; 409 `too_many_exports`.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.principal()?;
        let body: Body = request.json()?;
        let selection = selection::read(body.source, &body.query, &principal)?;
        let about_file = Download { format: Some(body.format), locale: body.locale };
        if about_file.wanted().is_err() {
            let message = "locale says how CSV writes numbers; other formats have typed values.";
            return Err(ApiError::field("/locale", "not_for_format", message));
        }
        let id = ExportId::new();
        let query = Value::Object(body.query);
        let new = NewExport {
            id,
            requested_by: data::Caller::from(&principal).subject,
            source: body.source.as_str(),
            query: &query,
            selection: &selection,
            format: body.format,
            number_style: body.locale.unwrap_or(NumberStyle::Point),
            request_id: request.id(),
        };
        let mut tenant = ctx.database.tenant(&principal).await?;
        let mut is_new = false;
        let reply = request
            .once_accepted(&mut tenant, async |tenant| {
                if !exports::insert(tenant, &new).await? {
                    return Err(too_many());
                }
                is_new = true;
                let event = Event::new(Action::ExportRequested).about(Subject::new("export", id));
                request.record(
                    tenant,
                    event
                        .with("of", new.source)
                        .with("format", new.format.as_str())
                        .with("query", query.clone()),
                );
                let export = exports::find(tenant, id).await?.ok_or_else(ApiError::not_found)?;
                Ok(View::from(export))
            })
            .await?;
        tenant.commit().await?;
        if is_new {
            let message = ExportRequested { org_id: principal.org_id, export_id: id };
            if let Err(error) = ctx.queue.send(&message).await {
                // The order stands: the sweep wakes the job when nobody has taken it up.
                tracing::warn!(export.id = %id, error = format!("{:#}", anyhow::anyhow!(error)), "wake-up not sent");
            }
            tracing::info!(export.id = %id, export.of = new.source, export.format = new.format.as_str(), "export requested");
        }
        Ok(reply)
    })
}

fn too_many() -> ApiError {
    let detail =
        format!("You have {} exports under way: wait until one of them is ready.", exports::OPEN_MAX);
    ApiError::conflict("too_many_exports", detail)
}
