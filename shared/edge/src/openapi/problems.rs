//! What a route may refuse, as far as it follows from its description.

use serde_json::Value;

use super::operation::{Caller, Operation};

/// Status, code, and when it happens.
pub(super) type Refusal = (u16, &'static str, &'static str);

/// All refusals of an operation with these parameters, its own last.
pub(super) fn of(operation: &Operation, parameters: &[Value]) -> Vec<Refusal> {
    let mut all: Vec<Refusal> = vec![
        (414, "query_too_long", "The query has more than 4 KB."),
        (431, "headers_too_large", "The headers have more than 8 KB."),
        (429, "too_many_requests", "A limit is used up; Retry-After says for how long."),
        (500, "internal", "Our fault; the request id helps us find it."),
    ];
    if operation.caller != Caller::Anybody {
        all.push((401, "unauthenticated", "There is no valid access token or API key."));
    }
    match operation.caller {
        Caller::Anybody | Caller::Somebody => {}
        Caller::Person => all.push((403, "forbidden", "An API key calls; this is for people.")),
        Caller::May(_) => all.push((403, "forbidden", "The caller does not have the permission.")),
    }
    if operation.method != "GET" {
        all.push((403, "cross_site_request", "A cookie brought the call, and no page of ours made it."));
    }
    if operation.path_names().next().is_some() {
        all.push((404, "not_found", "Nothing of the caller's organisation has this name or id."));
        all.push((404, "route_unknown", "A part of the path is empty or has slashes: it is no route's."));
    }
    if !operation.query.is_empty() {
        all.push((400, "invalid_query", "A parameter is unknown or has an impossible value."));
        if parameters.iter().any(|parameter| parameter["name"] == "cursor") {
            all.push((400, "invalid_cursor", "The cursor is no next_cursor of an earlier answer."));
        }
    }
    if let Some(body) = &operation.body {
        all.push((413, "body_too_large", "The body is longer than anything this route takes."));
        if body.content.iter().any(|(kind, _)| *kind == "application/json") {
            all.push((400, "malformed_json", "The body is not JSON."));
            all.push((400, "json_too_deep", "The body is nested too deeply."));
            all.push((422, "validation_failed", "A value cannot be used; fields says which and why."));
        }
    }
    if operation.once {
        all.push((400, "invalid_idempotency_key", "The key is empty or longer than 255 characters."));
        all.push((422, "idempotency_key_reused", "The key was used with another body."));
    }
    if operation.if_match {
        all.push((412, "precondition_failed", "It was changed since it was read."));
        all.push((428, "precondition_required", "If-Match is missing."));
    }
    all.extend(operation.refusals.iter().copied());
    all
}
