//! The main job on the deployed template: files in by HTTP and by drop, proven rows out, mails sent.

use std::fs;

use e2e::{Account, Stack, reference_csv, samples_of, scenario};
use mail_parser::MessageParser;
use serde_json::{Value, json};

use crate::books::{assert_books_are, assert_rows_are_true};

async fn account(name: &str) -> (Stack, Account) {
    let stack = Stack::from_env().unwrap();
    let account = Account::register(&stack, name).await.unwrap();
    account.import_reference(&reference_csv().unwrap()).await.unwrap();
    (stack, account)
}

/// Uploads a scenario file by file; each must come out as its truth says, and all of them as the ledger says.
async fn run_scenario(name: &str) {
    let (_, account) = account(name.split('/').next().unwrap()).await;
    for sample in samples_of(name).unwrap() {
        let upload = account.take(&sample.file_name, &sample.bytes).await.unwrap();
        let expect = &sample.truth["expect"];
        let status = match expect["outcome"].as_str().unwrap() {
            "import" | "import_flagged" | "restatement" => "completed",
            "duplicate" => "duplicate",
            "not_sales" => "rejected",
            other => panic!("no status for {other}"),
        };
        assert_eq!(upload["status"], status, "{}: {upload:#}", sample.file_name);
        if status != "completed" {
            continue;
        }
        assert_eq!(upload["vendor"], sample.truth["vendor"], "{}", sample.file_name);
        assert!(upload["controls"].as_array().unwrap().iter().all(|c| c["ok"] == true), "{upload:#}");
        for warning in expect["warnings"].as_array().unwrap() {
            let warnings = upload["warnings"].as_array().unwrap();
            assert!(
                warnings.iter().any(|w| w["code"] == warning["code"]),
                "{}: no {warning}: {warnings:?}",
                sample.file_name
            );
        }
        assert_rows_are_true(&account, &upload, &sample).await;
    }
    assert_books_are(&account, &scenario(name).unwrap()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn liberty_files_give_their_truth_and_their_ledger() {
    run_scenario("liberty/main/v1").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_liberty_date_with_a_typo_is_taken_with_a_warning_and_an_alias_table_is_refused() {
    run_scenario("liberty/date_typo/v1").await;
    run_scenario("liberty/matching").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn boxnox_files_give_their_truth_and_their_ledger() {
    run_scenario("boxnox/main/v1").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn skins_nl_files_give_their_truth_and_their_ledger() {
    run_scenario("skins_nl/main/v1").await;
    run_scenario("skins_nl/info_conflict/v1").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn online_files_give_their_truth_and_their_ledger() {
    run_scenario("online/main/v1").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_file_becomes_an_upload_and_a_mail() {
    let (stack, account) = account("Dropper").await;
    let sample = samples_of("skins_nl/main/v1").unwrap().remove(1);
    let key = format!("drops/{}/{}", account.slug, sample.file_name);
    stack.put_object(&stack.s3.inbox_bucket, &key, sample.bytes.clone()).await.unwrap();

    let upload = until(|| async {
        let uploads = account.all("/v1/uploads").await.unwrap();
        uploads.into_iter().find(|u| u["status"] == "completed")
    })
    .await;
    assert_eq!(upload["source"], "drop");
    assert_eq!(upload["file_name"], json!(sample.file_name));
    assert_rows_are_true(&account, &upload, &sample).await;

    let mail = until(|| async {
        let mails = account.all("/v1/emails?type=upload_completed").await.unwrap();
        mails.into_iter().find(|mail| mail["status"] == "sent")
    })
    .await;
    assert_eq!((&mail["type"], &mail["recipient"]), (&json!("upload_completed"), &json!(account.email)));
    assert_eq!(mails_to(&stack, &account.email), 1, "one mail on the disk");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_does_not_tie_is_held_until_somebody_approves_and_can_be_undone() {
    let (_, account) = account("Holder").await;
    let sample =
        samples_of("liberty/main/v1").unwrap().into_iter().find(|s| s.file_name.ends_with(".csv")).unwrap();
    let text = String::from_utf8(sample.bytes).unwrap();
    let last_line = text.trim_end().lines().last().unwrap();
    let printed = last_line.split('"').find(|cell| cell.contains('£')).unwrap();
    let altered_line = last_line.replacen(printed, "£9 999,99", 1);
    let altered = text.replace(last_line, &altered_line);

    let upload = account.take(&sample.file_name, altered.as_bytes()).await.unwrap();
    assert_eq!(upload["status"], "needs_review", "{upload:#}");
    let broken: Vec<&Value> =
        upload["controls"].as_array().unwrap().iter().filter(|c| c["ok"] == false).collect();
    assert!(broken.iter().any(|c| c["expected"] == "9999.99"), "{broken:#?}");
    let id = upload["id"].as_str().unwrap();
    assert!(account.all("/v1/sales").await.unwrap().is_empty(), "nothing of a held file counts");

    let approved = account
        .post(&format!("/v1/uploads/{id}/approve"), &json!({ "reason": "printed total is wrong" }))
        .await
        .unwrap();
    assert_eq!(approved.status, 202, "{approved:?}");
    let booked = until(|| async {
        let upload = account.finished(id).await.unwrap();
        (upload["status"] == "completed").then_some(upload)
    })
    .await;
    let rows = account.all("/v1/sales").await.unwrap();
    assert_eq!(booked["rows"]["accepted"], json!(rows.len()));

    let undone = account.delete(&format!("/v1/uploads/{id}")).await.unwrap();
    assert_eq!((undone.status, &undone.body["removed"]), (200, &json!(rows.len())), "{undone:?}");
    assert!(account.all("/v1/sales").await.unwrap().is_empty());
    assert_eq!(account.get(&format!("/v1/uploads/{id}")).await.unwrap().body["status"], "undone");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poison_message_reaches_the_dead_letter_queue_and_blocks_no_neighbour() {
    let (stack, account) = account("Neighbour").await;
    let body = json!({ "QueueUrl": stack.aws.queues.ingest, "MessageBody": "this is not an event" });
    stack.aws("AmazonSQS.SendMessage", &body).await.unwrap();
    let sample = samples_of("boxnox/main/v1").unwrap().remove(0);
    let upload = account.take(&sample.file_name, &sample.bytes).await.unwrap();
    assert_eq!(upload["status"], "completed");
    until(|| async {
        let body = json!({ "QueueUrl": stack.aws.queues.ingest_dlq, "AttributeNames": ["ApproximateNumberOfMessages"] });
        let answer = stack.aws("AmazonSQS.GetQueueAttributes", &body).await.unwrap();
        (answer["Attributes"]["ApproximateNumberOfMessages"] != "0").then_some(())
    })
    .await;
}

/// Looks until something is there; a minute is far more than anything here takes.
pub(crate) async fn until<T, F: Future<Output = Option<T>>>(mut look: impl FnMut() -> F) -> T {
    let found = async {
        loop {
            if let Some(found) = look().await {
                return found;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(90), found).await.expect("it never came")
}

/// Mails about uploads on the disk.
pub(crate) fn mails_to(stack: &Stack, address: &str) -> usize {
    texts_to(stack, address).iter().filter(|text| text.contains("/uploads/")).count()
}

/// What the mails to this address say.
pub(crate) fn texts_to(stack: &Stack, address: &str) -> Vec<String> {
    let folder = fs::read_dir(&stack.mail_dir).unwrap();
    let mails = folder.map(|entry| fs::read(entry.unwrap().path()).unwrap());
    mails
        .filter_map(|bytes| {
            let mail = MessageParser::default().parse(&bytes).expect("a mail that parses");
            assert!(mail.body_html(0).is_some() && mail.body_text(0).is_some());
            let to_it = mail.to().and_then(|to| to.first()).and_then(|to| to.address()) == Some(address);
            to_it.then(|| mail.body_text(0).unwrap().into_owned())
        })
        .collect()
}
