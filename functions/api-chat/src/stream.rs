//! `POST /v1/chat/stream`: what `POST /v1/chat` answers, as it comes about.

use edge::{
    ApiError, Boxed, Permission,
    http::{Progress, Reply, Request},
    openapi::Operation,
};
use schemars::json_schema;
use serde::Serialize;
use serde_json::json;

use crate::{Context, ask};

/// As a function URL is called, which knows no routes.
pub const ROUTE: &str = "POST /v1/chat/stream";

/// What is being done about a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Stage {
    Understanding,
    AskingModel,
    Running,
    Wording,
}

pub(crate) fn stage(progress: &Progress, stage: Stage) {
    progress.tell("stage", &json!({ "stage": stage }));
}

/// The sentence of an answer, word by word. It is told once it is kept, and not while it is made: until then a number in it may
/// turn out not to be in the result.
pub(crate) fn words(progress: &Progress, sentence: &str) {
    for text in sentence.split_inclusive(' ') {
        progress.tell("text", &json!({ "text": text }));
    }
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("chat-stream", ROUTE, "Answers a question as the answer comes about")
        .details(
            "Server-sent events. `stage`: `{stage}`, one of `understanding`, `asking_model`, `running`, `wording`. `text`: `{text}`, \
             the next piece of the answer's sentence. The last event is `answer` with exactly what `POST /v1/chat` answers, or `error` \
             with the problem; what is refused before anything has begun is answered as by any other route. It is served by a function \
             URL of its own (output `ChatStreamUrl` of the stack), with the same callers, rights and limits.",
        )
        .needs(&[Permission::AnalyticsRead])
        .body::<ask::Body>()
        .refuses(404, "not_found", "The caller has no such conversation.")
        .answer(200, "text/event-stream", |_| {
            json_schema!({
                "type": "object", "description": "An event.",
                "properties": {"event": {"enum": ["stage", "text", "answer", "error"]}, "data": {"type": "string"}},
                "required": ["event", "data"],
            })
        })
}

/// Answers a question, telling meanwhile what is done about it.
///
/// # Errors
/// Those of `POST /v1/chat`.
pub fn handle(ctx: &Context, request: Request, progress: Progress) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move { ask::answer(ctx, &request, &progress).await })
}
