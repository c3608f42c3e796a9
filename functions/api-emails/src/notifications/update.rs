//! `PUT /v1/me/notifications`

use std::collections::BTreeMap;

use data::{
    audit::{Event, Subject},
    mail_choices,
};
use domain::{Action, EmailType, MailChoice};
use edge::{
    ApiError, Boxed, FieldError,
    http::{Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Listed, address, choices, listed};
use crate::Context;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Body {
    /// How mails of each kind are wanted; kinds that are not named stay as they are.
    choices: BTreeMap<String, MailChoice>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("notifications-update", "PUT /v1/me/notifications", "Chooses which mails the caller wants")
        .details("`digest`: one mail a day, at seven o'clock where the organisation is, instead of one each.")
        .for_people()
        .body::<Body>()
        .ok::<Listed>()
}

/// Keeps the caller's choices.
///
/// # Errors
/// 422 for a kind that there is not or that cannot be had so, 403 for an API key.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.person()?;
        let body: Body = request.json()?;
        let (mut chosen, mut wrong) = (Vec::new(), Vec::new());
        for (word, choice) in body.choices {
            match word.parse::<EmailType>() {
                Ok(kind) if choices(kind).contains(&choice) => chosen.push((kind, choice)),
                Ok(_) => wrong.push(FieldError::new(
                    format!("/choices/{word}"),
                    "not_possible",
                    "Mails of this kind cannot be had so.",
                )),
                Err(_) => {
                    wrong.push(FieldError::new(
                        "/choices",
                        "unknown_type",
                        "There are no mails of one of these kinds.",
                    ));
                }
            }
        }
        if !wrong.is_empty() {
            return Err(ApiError::validation(wrong));
        }
        let mut tenant = ctx.database.tenant(&principal).await?;
        let address = address(&mut tenant, principal.user_id).await?;
        for (kind, choice) in chosen {
            mail_choices::set(&mut tenant, &address, kind, choice).await?;
        }
        let answer = listed(&mut tenant, &address).await?;
        let event = Event::new(Action::NotificationsUpdated).about(Subject::new("user", principal.user_id));
        request.record(&mut tenant, event);
        tenant.commit().await?;
        Reply::ok(&answer)
    })
}
