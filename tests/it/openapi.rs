//! `docs/openapi.json`: what the code says of its routes, and nothing else.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
};

use edge::openapi::{Info, Operation, document};
use serde_json::Value;

use crate::{matrix, tree};

const PLACE: &str = "docs/openapi.json";

fn operations() -> Vec<Operation> {
    [
        api_access::operations(),
        api_analytics::operations(),
        api_audit::operations(),
        api_auth::operations(),
        api_catalogue::operations(),
        api_chat::operations(),
        api_document::operations(),
        api_emails::operations(),
        api_health::operations(),
        api_reports::operations(),
        api_sql::operations(),
        api_uploads::operations(),
        api_users::operations(),
        api_vendors::operations(),
        api_watching::operations(),
    ]
    .concat()
}

fn written() -> Value {
    let info = Info {
        title: "Shelfline",
        version: env!("CARGO_PKG_VERSION"),
        description: include_str!("../../docs/api.md"),
    };
    document(info, &operations())
}

/// All operations of a document: route, and what it says.
fn described(document: &Value) -> BTreeMap<String, &Value> {
    let paths = document["paths"].as_object().into_iter().flatten();
    let routes = paths.flat_map(|(path, operations)| {
        let operations = operations.as_object().into_iter().flatten();
        operations.map(move |(method, operation)| (format!("{} {path}", method.to_uppercase()), operation))
    });
    routes.collect()
}

/// What a reference stands for.
fn followed<'a>(document: &'a Value, part: &'a Value) -> &'a Value {
    let place = part["$ref"].as_str().and_then(|place| place.strip_prefix('#'));
    place.and_then(|place| document.pointer(place)).unwrap_or(part)
}

#[test]
fn the_document_says_what_the_code_says() {
    let mut text = serde_json::to_string_pretty(&written()).unwrap();
    text.push('\n');
    let place = tree::root().join(PLACE);
    #[expect(clippy::disallowed_methods, reason = "a wish of the developer, no configuration")]
    if env::var("DOCS").is_ok_and(|wish| wish == "write") {
        fs::write(&place, &text).unwrap();
    }
    // Compared as a whole, but not shown as a whole.
    assert!(
        fs::read_to_string(&place).unwrap_or_default() == text,
        "{PLACE} is old: `make docs` writes it anew"
    );
}

#[test]
fn the_document_and_the_template_know_the_same_routes() {
    let documented: BTreeSet<String> = operations()
        .iter()
        .map(|operation| format!("{} {}", operation.route(), operation.function()))
        .collect();
    let deployed: BTreeSet<String> = matrix::routes_of_template()
        .into_iter()
        .map(|(route, function)| format!("{route} {function}"))
        .collect();
    let differing: Vec<&String> = documented.symmetric_difference(&deployed).collect();
    assert!(differing.is_empty(), "in template.yaml or in the document, but not in both: {differing:#?}");
}

#[test]
fn the_document_asks_of_callers_what_the_matrix_does() {
    let document = written();
    let described = described(&document);
    let mut wrong = Vec::new();
    for row in matrix::ROWS {
        let operation = described[&row.route()];
        let words: BTreeSet<&str> =
            operation["x-permissions"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let anybody = operation["security"].as_array().is_some_and(Vec::is_empty);
        if words != row.permissions() || anybody != row.is_for_anybody() {
            wrong.push(format!("{}: {words:?}", row.route()));
        }
    }
    assert!(wrong.is_empty(), "not as in the matrix: {wrong:#?}");
}

#[test]
fn every_operation_has_a_summary_examples_and_errors() {
    let document = written();
    let mut wanting = Vec::new();
    for (route, operation) in described(&document) {
        let summary = operation["summary"].as_str().unwrap_or_default();
        let answers: BTreeMap<&String, &Value> = operation["responses"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(status, answer)| (status, followed(&document, answer)))
            .collect();
        let success = answers.keys().any(|status| status.starts_with('2') || *status == "302");
        let refusals =
            answers.iter().filter(|(status, _)| status.starts_with('4') || status.starts_with('5'));
        let explained = refusals.clone().count() >= 4
            && refusals.clone().all(|(_, answer)| {
                let examples = &answer["content"]["application/problem+json"]["examples"];
                examples.as_object().is_some_and(|examples| !examples.is_empty())
                    || answer["content"]["application/json"].is_object()
            });
        let shown = answers.values().filter_map(|answer| answer["content"].get("application/json"));
        let body = operation["requestBody"]["content"].get("application/json");
        let examples = shown.chain(body).all(|content| !content["example"].is_null());
        if summary.is_empty() || summary.ends_with('.') || !success || !explained || !examples {
            wanting.push(route);
        }
    }
    assert!(wanting.is_empty(), "{wanting:#?}");
}
