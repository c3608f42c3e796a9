//! POST /v1/uploads/{id}/answers

use std::collections::HashSet;

use chrono::Utc;
use data::{
    audit::Event,
    uploads::{self, Answer, Upload},
};
use domain::{Action, Question, UploadId, UploadStatus};
use edge::{
    ApiError, Boxed, FieldError, Permission, Principal,
    http::{Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{Context, approve::SETTLED_BY_APPROVAL, requeue::requeue};

/// Far more than a file can ask.
const ANSWERS_MAX: usize = 200;

/// Questions whose answer takes a file without its proof: answering them is approving it.
const TAKES_WITHOUT_PROOF: [&str; 2] = ["totals_missing", "too_many_rejects"];

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Body {
    answers: Vec<Given>,
    #[serde(default)]
    remember: bool,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Given {
    id: String,
    value: String,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "uploads-answer",
        "POST /v1/uploads/{id}/answers",
        "Answers questions of a held upload and has it read again with them",
    )
    .needs(&[Permission::UploadsWrite])
    .body::<Body>()
    .refuses(409, "not_in_review", "The upload does not wait for answers.")
    .accepted::<crate::views::RequeuedView>()
    .details("To remember a layout needs `vendors:write` as well.")
}

/// Answers questions of a held upload and has it read again with them.
///
/// With `remember` the layout it was read by becomes a profile of its vendor once the upload is booked; of one that is
/// booked already, at once.
///
/// # Errors
/// 422 with every answer at fault, 404 for an id that does not exist here, 409 when it asks nothing.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::UploadsWrite)?;
        let id: UploadId = request.path("id")?;
        let body: Body = request.json()?;
        if body.remember {
            request.require(Permission::VendorsWrite)?;
        }
        let mut tenant = ctx.db.tenant(&principal).await?;
        let upload = uploads::find(&mut tenant, id).await?.ok_or_else(ApiError::not_found)?;
        if body.answers.is_empty() && !(body.remember && upload.proposal.is_some()) {
            return Err(ApiError::field("/answers", "required", "Answer at least one question."));
        }
        let questions: Vec<String> = body.answers.iter().map(|answer| answer.id.clone()).collect();
        let remember_by = body.remember.then_some(principal.user_id);
        let taken = match upload.status {
            UploadStatus::NeedsReview => {
                let answers = validated(&upload, body.answers, &principal)?;
                uploads::answer(&mut tenant, id, &answers, remember_by).await?
            }
            UploadStatus::Completed if body.answers.is_empty() => {
                uploads::remember(&mut tenant, id, principal.user_id).await?
            }
            _ => false,
        };
        if !taken {
            return Err(ApiError::conflict("not_in_review", "The upload does not wait for answers."));
        }
        let upload = uploads::find(&mut tenant, id).await?.ok_or_else(ApiError::not_found)?;
        let event =
            Event::new(Action::UploadAnswered).with("questions", questions).with("remember", body.remember);
        let reply = requeue(ctx, &request, tenant, id, upload.status, event).await?;
        tracing::info!(upload.id = %id, user.id = %principal.user_id, remember = body.remember, "upload answered");
        Ok(reply)
    })
}

fn validated(upload: &Upload, given: Vec<Given>, principal: &Principal) -> Result<Vec<Answer>, ApiError> {
    if given.len() > ANSWERS_MAX {
        let message = format!("At most {ANSWERS_MAX} answers at once.");
        return Err(ApiError::field("/answers", "too_long", message));
    }
    let now = Utc::now();
    let mut seen = HashSet::new();
    let mut faults = Vec::new();
    let mut answers = Vec::with_capacity(given.len());
    for (index, Given { id, value }) in given.into_iter().enumerate() {
        let fault = |field: &str, code: &str, message: String| {
            FieldError::new(format!("/answers/{index}/{field}"), code, message)
        };
        let question = upload.questions.iter().find(|question| question.id == id);
        // An offer may end in a blank, as the header that it repeats does; what people type may too.
        let is_offered = question.is_some_and(|question| question.accepts(&value));
        let value = if is_offered { value } else { value.trim().to_owned() };
        match question {
            None => faults.push(fault("id", "unknown", format!("There is no open question {id:?}."))),
            Some(_) if !seen.insert(id.clone()) => {
                faults.push(fault("id", "duplicate", format!("{id:?} is answered twice.")));
            }
            Some(question) if !question.accepts(&value) => {
                faults.push(fault("value", "invalid", expected(question)));
            }
            Some(question) if needs_approver(question) && !principal.may(Permission::UploadsApprove) => {
                let message = "Taking a file without its proof is for those who may approve it.";
                return Err(ApiError::forbidden(message));
            }
            Some(_) => answers.push(Answer { id, value, by: principal.user_id, at: now }),
        }
    }
    if faults.is_empty() { Ok(answers) } else { Err(ApiError::validation(faults)) }
}

fn needs_approver(question: &Question) -> bool {
    TAKES_WITHOUT_PROOF.contains(&question.code.as_str())
}

/// What would be an answer, for people.
fn expected(question: &Question) -> String {
    if SETTLED_BY_APPROVAL.contains(&question.code.as_str()) {
        return "This is not answered but approved: POST …/approve.".to_owned();
    }
    let offered: Vec<&str> = question.options.iter().map(|option| option.value.as_str()).collect();
    let own = match question.code.as_str() {
        code if code.starts_with("vendor_") => Some("the name of a vendor"),
        code if code.starts_with("period_") || code == "date_in_doubt" => {
            Some("a period such as 2026-01 or 2026-01-04/2026-01-10")
        }
        code if code.starts_with("currency_") => Some("a currency such as EUR"),
        _ => None,
    };
    let own = own.map(|own| if offered.is_empty() { own.to_owned() } else { format!(", or {own}") });
    format!("Expected: {}{}.", offered.join(", "), own.unwrap_or_default())
}
