//! All routes in one OpenAPI 3.1 document.

use std::collections::{BTreeMap, BTreeSet};

use schemars::SchemaGenerator;
use serde_json::{Map, Value, json};

use super::{
    example,
    operation::{Answer, Caller, Operation},
    problems,
    schemas::{Schemas, Use},
    sharing,
};
use crate::{error::Problem, http::limit_names};

const JSON: &str = "application/json";

/// What the document says of itself.
#[derive(Debug, Clone, Copy)]
pub struct Info<'a> {
    pub title: &'a str,
    pub version: &'a str,
    pub description: &'a str,
}

/// The OpenAPI 3.1 document of these routes, in the order of their paths. The same routes give the same bytes.
#[must_use]
pub fn document(info: Info<'_>, operations: &[Operation]) -> Value {
    let mut schemas = Schemas::default();
    let problem = schemas.of("problem", SchemaGenerator::subschema_for::<Problem<'static>>, Use::Written);
    let mut paths: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    let mut sorted: Vec<&Operation> = operations.iter().collect();
    sorted.sort_by_key(|operation| (operation.path, operation.method));
    for operation in sorted {
        let described = describe(operation, &problem, &mut schemas);
        paths.entry(operation.path).or_default().insert(operation.method.to_lowercase(), described);
    }
    let tags: BTreeSet<&str> = operations.iter().map(Operation::tag).collect();
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {"title": info.title, "version": info.version, "description": info.description},
        "servers": [{"url": "/"}],
        "tags": tags.iter().map(|tag| json!({"name": tag})).collect::<Vec<_>>(),
        "paths": paths,
        "components": {
            "schemas": schemas.into_components(),
            "headers": headers(),
            "securitySchemes": security_schemes(),
        },
    });
    sharing::share(&mut document);
    document
}

fn describe(operation: &Operation, problem: &Value, schemas: &mut Schemas) -> Value {
    let parameters = parameters(operation, schemas);
    let responses = responses(operation, &parameters, problem, schemas);
    let mut described = json!({
        "operationId": operation.function,
        "tags": [operation.tag()],
        "summary": operation.summary,
        "description": description(operation),
        "parameters": parameters,
        "responses": responses,
        "security": match operation.caller {
            Caller::Anybody => json!([]),
            _ => json!([{"token": []}, {"cookie": [], "csrf": []}]),
        },
        "x-permissions": match operation.caller {
            Caller::May(permissions) => permissions.iter().map(|permission| permission.as_str()).collect(),
            _ => Vec::new(),
        },
        "x-limits": limit_names(&operation.route()),
    });
    if let Some(body) = &operation.body {
        let mut content = Map::new();
        for (content_type, schema) in &body.content {
            let schema = schemas.of(operation.function, *schema, Use::Read);
            let example = example::of(&schema, schemas);
            content.insert((*content_type).into(), json!({"schema": schema, "example": example}));
        }
        described["requestBody"] = json!({"required": body.required, "content": content});
    }
    described
}

fn description(operation: &Operation) -> String {
    let who = match operation.caller {
        Caller::Anybody => "Anybody may call it.".to_owned(),
        Caller::Somebody => "Every caller may.".to_owned(),
        Caller::Person => "For people: an API key has no account.".to_owned(),
        Caller::May(permissions) => {
            let words: Vec<String> =
                permissions.iter().map(|permission| format!("`{}`", permission.as_str())).collect();
            format!("Needs {}.", words.join(" and "))
        }
    };
    match operation.details {
        Some(details) => format!("{details} {who}"),
        None => who,
    }
}

/// What a request may carry besides its body.
fn parameters(operation: &Operation, schemas: &mut Schemas) -> Vec<Value> {
    let mut all: Vec<Value> = Vec::new();
    for name in operation.path_names() {
        let given = operation.path_schemas.iter().find(|(of, _)| *of == name);
        let schema =
            given.map_or_else(|| json!({"type": "string", "format": "uuid"}), |(_, schema)| schema.clone());
        all.push(parameter("path", name, true, schema, schemas));
    }
    for query in &operation.query {
        let query = schemas.of(operation.function, *query, Use::Parameters);
        let required: BTreeSet<&str> =
            query["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        for (name, schema) in query["properties"].as_object().into_iter().flatten() {
            let schema = without_null(schema.clone());
            // A later type says more of a parameter that an earlier one has, too.
            all.retain(|known| known["name"] != name.as_str());
            all.push(parameter("query", name, required.contains(name.as_str()), schema, schemas));
        }
    }
    for header in &operation.headers {
        let schema = json!({"type": "string", "enum": header.values, "description": header.description});
        all.push(parameter("header", header.name, false, schema, schemas));
    }
    let mut header = |name: &str, required: bool, example: &str, description: &str| {
        let mut schema = json!({"type": "string", "examples": [example], "description": description});
        // What somebody has already may be any list of tags.
        if name != "If-None-Match" {
            schema["minLength"] = 1.into();
            schema["maxLength"] = 255.into();
        }
        all.push(parameter("header", name, required, schema, schemas));
    };
    if operation.once {
        let why = "Repeating the request with the same key and body has one effect and the same answer.";
        header("Idempotency-Key", false, "2026-01-liberty", why);
    }
    if operation.if_match {
        header("If-Match", true, "\"3\"", "The ETag of what was read.");
    }
    if operation.revalidated {
        header("If-None-Match", false, "\"0a1b\"", "The ETag of an earlier answer: 304 if it is still true.");
    }
    all
}

fn parameter(place: &str, name: &str, required: bool, mut schema: Value, schemas: &Schemas) -> Value {
    let example = example::of(&schema, schemas);
    let description = schema.as_object_mut().and_then(|schema| schema.remove("description"));
    let mut parameter =
        json!({"in": place, "name": name, "required": required, "schema": schema, "example": example});
    // As a form sends a field that nobody filled in: absent.
    if place == "query" && !required {
        parameter["allowEmptyValue"] = true.into();
    }
    if let Some(description) = description {
        parameter["description"] = description;
    }
    parameter
}

/// Absent is how a parameter is null.
fn without_null(mut schema: Value) -> Value {
    if let Some(members) = schema.as_object_mut() {
        if members.get("default").is_some_and(Value::is_null) {
            members.remove("default");
        }
        if let Some(Value::Array(kinds)) = members.get_mut("type") {
            kinds.retain(|kind| kind != "null");
            if let [kind] = kinds.as_slice() {
                let kind = kind.clone();
                members.insert("type".into(), kind);
            }
        }
        if let Some(Value::Array(kinds)) = members.get_mut("anyOf") {
            kinds.retain(|kind| kind["type"] != "null");
            if let [Value::Object(kind)] = kinds.as_slice() {
                let kind = kind.clone();
                members.remove("anyOf");
                members.extend(kind);
            }
        }
    }
    schema
}

fn responses(
    operation: &Operation,
    parameters: &[Value],
    problem: &Value,
    schemas: &mut Schemas,
) -> Map<String, Value> {
    let mut responses = Map::new();
    for answer in &operation.answers {
        responses.insert(answer.status.to_string(), success(operation, answer, schemas));
    }
    if operation.revalidated {
        let headers = with(&["ETag", "X-Request-Id"]);
        responses.insert(
            "304".into(),
            json!({"description": "What the caller has is still true.", "headers": headers}),
        );
    }
    let mut refusals: BTreeMap<u16, BTreeMap<&str, &str>> = BTreeMap::new();
    for (status, code, when) in problems::of(operation, parameters) {
        refusals.entry(status).or_default().insert(code, when);
    }
    for (status, codes) in refusals {
        responses.insert(status.to_string(), refusal(status, &codes, problem));
    }
    responses
}

fn success(operation: &Operation, answer: &Answer, schemas: &mut Schemas) -> Value {
    let mut names = vec!["X-Request-Id", "RateLimit", "RateLimit-Policy"];
    if operation.if_match || operation.revalidated {
        names.push("ETag");
    }
    let described = match answer.status {
        201 => "Made.",
        202 => "Taken up; it happens soon.",
        204 => "Done; there is nothing to say.",
        302 => "It lies where `Location` says.",
        503 => "Something does not work.",
        _ => "Answered.",
    };
    let mut response = json!({"description": described, "headers": with(&names)});
    let mut content = Map::new();
    for (content_type, schema) in &answer.content {
        let schema = schemas.of(operation.function, *schema, Use::Written);
        let example = example::of(&schema, schemas);
        let example = if *content_type == JSON { Some(example) } else { None };
        let mut media = json!({"schema": schema});
        if let Some(example) = example {
            media["example"] = example;
        }
        content.insert((*content_type).into(), media);
    }
    if !content.is_empty() {
        response["content"] = content.into();
    }
    response
}

fn refusal(status: u16, codes: &BTreeMap<&str, &str>, problem: &Value) -> Value {
    let lines: Vec<String> = codes.iter().map(|(code, when)| format!("- `{code}`: {when}")).collect();
    let mut examples = Map::new();
    for (code, when) in codes {
        examples.insert(
            (*code).into(),
            json!({"value": {
                "type": "about:blank",
                "title": title(status),
                "status": status,
                "detail": when,
                "instance": "/v1/uploads",
                "code": code,
                "request_id": "0193e2f0-7a51-7c3e-9b1a-5d2f8c6e4a10",
            }}),
        );
    }
    let names: &[&str] = if status == 429 {
        &["X-Request-Id", "RateLimit", "RateLimit-Policy", "Retry-After"]
    } else {
        &["X-Request-Id"]
    };
    let known: Vec<&&str> = codes.keys().collect();
    json!({
        "description": lines.join("\n"),
        "headers": with(names),
        "content": {"application/problem+json": {
            "schema": {"allOf": [problem, {"properties": {"code": {"enum": known}}}]},
            "examples": examples,
        }},
    })
}

fn title(status: u16) -> &'static str {
    let status = lambda_http::http::StatusCode::from_u16(status).ok();
    status.and_then(|status| status.canonical_reason()).unwrap_or("Error")
}

fn with(names: &[&str]) -> Map<String, Value> {
    names
        .iter()
        .map(|name| ((*name).to_owned(), json!({"$ref": format!("#/components/headers/{name}")})))
        .collect()
}

fn headers() -> Value {
    let text = |description: &str, example: &str| json!({"description": description, "schema": {"type": "string"}, "example": example});
    json!({
        "X-Request-Id": text("The caller's own id, or a new one; it is in logs, mails and the audit trail.", "0193e2f0-7a51-7c3e-9b1a-5d2f8c6e4a10"),
        "RateLimit": text("What is left of the tightest limit, and for how many seconds.", "\"requests\";r=1187;t=42"),
        "RateLimit-Policy": text("That limit, and its window in seconds.", "\"requests\";q=1200;w=60"),
        "Retry-After": text("Seconds until it is worth trying again.", "42"),
        "ETag": text("Names this state: for If-Match, or for If-None-Match.", "\"3\""),
    })
}

fn security_schemes() -> Value {
    json!({
        "token": {"type": "http", "scheme": "bearer", "description": "An access token of POST /v1/auth/login, or an API key."},
        "cookie": {"type": "apiKey", "in": "cookie", "name": "__Host-access", "description": "The access token of a browser."},
        "csrf": {"type": "apiKey", "in": "header", "name": "X-CSRF-Token", "description": "Repeats the cookie __Host-csrf; not needed to read."},
    })
}
