//! What is missing, what a correction changed and what could not be taken, as the deployed system says it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use e2e::{Account, Stack, known_gaps, reference_csv, samples_of};
use serde_json::{Value, json};

async fn account(name: &str) -> Account {
    let stack = Stack::from_env().unwrap();
    let account = Account::register(&stack, name).await.unwrap();
    account.import_reference(&reference_csv().unwrap()).await.unwrap();
    account
}

fn days(list: &Value) -> BTreeSet<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    list.as_array().unwrap().iter().map(|cell| (text(&cell["start"]), text(&cell["end"]))).collect()
}

/// The weeks whose files never came: a file dated D reports the seven days before D.
fn missing_weeks() -> BTreeSet<(String, String)> {
    let week = |dated: NaiveDate| {
        let before = |days| dated.checked_sub_days(Days::new(days)).unwrap().to_string();
        (before(7), before(1))
    };
    known_gaps("liberty").unwrap().into_iter().map(week).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn after_liberty_s_files_exactly_two_weeks_are_missing_until_somebody_knows_why() {
    let account = account("Completeness").await;
    let mut last = Value::Null;
    for sample in samples_of("liberty/main/v1").unwrap() {
        last = account.take(&sample.file_name, &sample.bytes).await.unwrap();
    }
    let coverage = async || account.get("/v1/analytics/coverage?vendor=liberty").await.unwrap().body;
    let summary = async || account.get("/v1/analytics/summary?vendor=liberty").await.unwrap().body;
    let before = coverage().await;
    assert_eq!(days(&before["missing"]), missing_weeks(), "{before:#}");
    assert_eq!(days(&summary().await["coverage"]["missing"]), missing_weeks());
    assert_eq!(before["data"][0]["rhythm"], json!({ "every": "week", "begins_on": "sunday" }));

    let weeks = missing_weeks();
    let (first, end) = (&weeks.first().unwrap().0, &weeks.last().unwrap().1);
    let gap = json!({ "vendor": "liberty", "start": first, "end": end, "reason": "their system failed" });
    let marked = account.post("/v1/known-gaps", &gap).await.unwrap();
    assert_eq!(marked.status, 201, "{marked:?}");
    let after = coverage().await;
    assert_eq!(after["missing"], json!([]));
    let cells = after["data"][0]["periods"].as_array().unwrap().iter();
    let known: Vec<Value> = cells.filter(|cell| cell["state"] == "known_gap").cloned().collect();
    assert_eq!(days(&json!(known)), missing_weeks());
    assert_eq!(summary().await["coverage"]["missing"], json!([]));

    let id = marked.body["id"].as_str().unwrap();
    assert_eq!(account.delete(&format!("/v1/known-gaps/{id}")).await.unwrap().status, 204);
    assert_eq!(days(&coverage().await["missing"]), missing_weeks());

    // The last file of the scenario corrects a week.
    let id = last["id"].as_str().unwrap();
    let listed = account.all(&format!("/v1/uploads/{id}/changes")).await.unwrap();
    let mut kinds: BTreeMap<&str, u64> = BTreeMap::from([("added", 0), ("changed", 0), ("removed", 0)]);
    for line in &listed {
        *kinds.get_mut(line["kind"].as_str().unwrap()).unwrap() += 1;
    }
    assert!(!listed.is_empty(), "{last:#}");
    for (kind, count) in kinds {
        assert_eq!(last["changes"][kind], count, "{kind}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rejected_rows_come_back_in_the_senders_own_table() {
    let account = account("Inbox").await;
    let sample =
        samples_of("online/main/v1").unwrap().into_iter().find(|s| s.file_name.ends_with(".csv")).unwrap();
    let text = String::from_utf8(sample.bytes).unwrap();
    let header: Vec<&str> = text.lines().next().unwrap().split(',').collect();
    let quantity = header.iter().position(|name| name.to_lowercase().contains("quantity")).unwrap();
    let line = text.lines().nth(3).unwrap();
    let mut cells: Vec<&str> = line.split(',').collect();
    cells[quantity] = "=1+1";
    let broken = text.replacen(line, &cells.join(","), 1);

    let upload = account.take(&sample.file_name, broken.as_bytes()).await.unwrap();
    assert_eq!(upload["rows"]["rejected"], 1, "{upload:#}");
    let id = upload["id"].as_str().unwrap();
    let inbox = account.all(&format!("/v1/rejects?upload_id={id}")).await.unwrap();
    assert_eq!((inbox.len(), &inbox[0]["row"], &inbox[0]["value"]), (1, &json!(4), &json!("=1+1")));
    let workbook = account.download(&format!("/v1/uploads/{id}/rejects?format=xlsx")).await.unwrap();
    let has = |part: &[u8]| workbook.windows(part.len()).any(|window| window == part);
    // The list, the sender's table, and the comment in it.
    assert!(has(b"xl/worksheets/sheet2.xml") && has(b"xl/comments1.xml"), "{} bytes", workbook.len());
}
