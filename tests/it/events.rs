//! `events/<bin>/*.json`: what each Lambda is really sent.

use std::{collections::BTreeSet, fs};

use serde_json::Value;

use crate::tree;

#[test]
fn every_lambda_has_an_event_and_every_event_a_lambda() {
    let folders: BTreeSet<String> = fs::read_dir(tree::root().join("events"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(folders, tree::lambdas());
}

#[test]
fn events_have_the_shape_of_their_sender() {
    let mut wrong = Vec::new();
    for path in tree::files("events", ".json") {
        let shown = tree::shown(&path);
        let event: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap())
            .unwrap_or_else(|e| panic!("{shown}: {e}"));
        let bin = shown.split('/').nth(1).unwrap();
        let fits = match bin {
            "file-ingest" | "email-events" | "email-send" | "export-generate" | "report-generate" => {
                event["Records"].as_array().is_some_and(|records| {
                    records
                        .iter()
                        .all(|record| record["eventSource"] == "aws:sqs" && record["body"].is_string())
                })
            }
            "alert-check" | "report-dispatch" | "report-review" | "retention-apply" | "upload-sweep"
            | "vendor-watch" => event["detail-type"] == "Scheduled Event",
            "db-migrate" => event.is_object(),
            "auth-authorizer" => event["version"] == "2.0" && event["type"] == "REQUEST",
            _ => event["version"] == "2.0" && event["requestContext"]["http"]["method"].is_string(),
        };
        if !fits {
            wrong.push(shown);
        }
    }
    assert!(wrong.is_empty(), "not what AWS sends: {wrong:?}");
}

#[test]
fn the_readme_names_every_lambda() {
    let readme = fs::read_to_string(tree::root().join("README.md")).unwrap();
    let missing: Vec<_> =
        tree::lambdas().into_iter().filter(|bin| !readme.contains(&format!("`{bin}`"))).collect();
    assert!(missing.is_empty(), "README.md does not name {missing:?}");
}
