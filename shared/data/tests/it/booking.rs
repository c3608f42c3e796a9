//! Restatement, history and undo, example by example.

use data::{
    booking::{self, Undone},
    uploads,
};
use domain::{
    Control, DocumentKind, MailChanges, Period, PeriodChange, Reject, SaleRow, UploadMode, UploadStatus,
};
use rust_decimal::Decimal;
use testkit::TestDatabase;

use crate::books::{Books, Sold, day, document, line, month, row, sha256, sold};

fn rows(sold: &[Sold]) -> Vec<SaleRow> {
    sold.iter().map(row).collect()
}

fn changes(added: u64, changed: u64, removed: u64, unchanged: u64) -> MailChanges {
    MailChanges { added, changed, removed, unchanged }
}

#[tokio::test]
async fn a_correction_replaces_its_periods_only_and_undo_brings_back_what_it_replaced() {
    let database = TestDatabase::new().await;
    let books = Books::new(&database, "aveline").await;
    let first = [sold(1, "A", 1), sold(1, "B", 2), sold(1, "B", 2), sold(2, "A", 5)];
    books.send(day(1), document("liberty", DocumentKind::Living, &[month(1), month(2)]), rows(&first)).await;
    assert_eq!(books.sales("liberty").await, first, "identical rows of one file are separate sales");

    let corrected = [sold(1, "A", 3), sold(1, "B", 2), sold(1, "C", 1)];
    let id =
        books.send(day(2), document("liberty", DocumentKind::Snapshot, &[month(1)]), rows(&corrected)).await;
    let upload = books.upload(id).await;
    assert_eq!(upload.changes, changes(1, 1, 1, 1));
    assert_eq!(upload.periods[0].change, PeriodChange::Changed);
    assert_eq!(
        books.sales("liberty").await,
        [sold(1, "A", 3), sold(1, "B", 2), sold(1, "C", 1), sold(2, "A", 5)]
    );

    assert_eq!(books.undo(id).await, Some(Undone { removed: 2, restored: 2, kept: 1 }));
    assert_eq!(books.sales("liberty").await, first);
    assert_eq!(books.rollup_differences().await, 0);
    assert_eq!(books.undo(id).await, None, "an upload is taken back once");
}

#[tokio::test]
async fn rows_shared_by_two_uploads_outlive_the_first() {
    let database = TestDatabase::new().await;
    let books = Books::new(&database, "aveline").await;
    let january = [sold(1, "A", 1), sold(1, "B", 2)];
    let first =
        books.send(day(1), document("boxnox", DocumentKind::Living, &[month(1)]), rows(&january)).await;
    let both = [january.as_slice(), &[sold(2, "A", 1)]].concat();
    let second = books
        .send(day(2), document("boxnox", DocumentKind::Living, &[month(1), month(2)]), rows(&both))
        .await;
    let upload = books.upload(second).await;
    assert_eq!(upload.changes, changes(1, 0, 0, 2));
    assert_eq!(
        upload.periods.iter().map(|period| period.change).collect::<Vec<_>>(),
        [PeriodChange::Unchanged, PeriodChange::New]
    );
    assert_eq!(books.undo(first).await, Some(Undone { removed: 0, restored: 0, kept: 2 }));
    assert_eq!(books.sales("boxnox").await, both);
    assert_eq!(books.undo(second).await, Some(Undone { removed: 3, restored: 0, kept: 0 }));
    assert_eq!(books.sales("boxnox").await, []);
}

#[tokio::test]
async fn an_older_file_that_comes_late_is_history() {
    let database = TestDatabase::new().await;
    let books = Books::new(&database, "aveline").await;
    let newer = books
        .send(day(9), document("liberty", DocumentKind::Snapshot, &[month(1)]), rows(&[sold(1, "A", 2)]))
        .await;
    let older = books
        .send(day(1), document("liberty", DocumentKind::Snapshot, &[month(1)]), rows(&[sold(1, "A", 1)]))
        .await;
    let upload = books.upload(older).await;
    assert_eq!(upload.status, UploadStatus::Completed);
    assert_eq!(upload.warnings[0].code, "newer_statement_exists");
    assert_eq!((upload.changes, upload.periods[0].change), (changes(0, 0, 0, 0), PeriodChange::Unchanged));
    assert_eq!(books.sales("liberty").await, [sold(1, "A", 2)]);
    books.undo(newer).await.unwrap();
    assert_eq!(books.sales("liberty").await, [sold(1, "A", 1)]);
}

#[tokio::test]
async fn order_lines_are_updated_by_key_and_never_removed_by_absence() {
    let database = TestDatabase::new().await;
    let books = Books::new(&database, "aveline").await;
    let send = async |on, sold: &[Sold]| {
        let document = document("online", DocumentKind::Increment, &[month(1)]);
        books.send(day(on), document, sold.iter().map(line).collect()).await
    };
    send(1, &[sold(1, "L1", 1), sold(1, "L2", 1)]).await;
    let second = send(2, &[sold(1, "L2", 0), sold(1, "L3", 1)]).await;
    let upload = books.upload(second).await;
    assert_eq!((upload.changes, upload.periods[0].change), (changes(1, 1, 0, 0), PeriodChange::Changed));
    assert_eq!(books.sales("online").await, [sold(1, "L1", 1), sold(1, "L2", 0), sold(1, "L3", 1)]);
    let same = send(3, &[sold(1, "L3", 1)]).await;
    let upload = books.upload(same).await;
    assert_eq!((upload.changes, upload.periods[0].change), (changes(0, 0, 0, 1), PeriodChange::Unchanged));
    assert_eq!(books.undo(second).await, Some(Undone { removed: 1, restored: 1, kept: 1 }));
    assert_eq!(books.sales("online").await, [sold(1, "L1", 1), sold(1, "L2", 1), sold(1, "L3", 1)]);
    assert_eq!(books.rollup_differences().await, 0);
}

#[tokio::test]
async fn the_same_bytes_are_taken_once_and_the_second_upload_names_the_first() {
    let database = TestDatabase::new().await;
    let books = Books::new(&database, "aveline").await;
    let send = async |id| {
        let document = document("liberty", DocumentKind::Snapshot, &[month(1)]);
        books.ingest(id, &"ab".repeat(32), document, rows(&[sold(1, "A", 1)])).await
    };
    let first = books.announce(day(1), UploadMode::Commit).await;
    send(first).await;
    let second = books.announce(day(2), UploadMode::Commit).await;
    let ended = send(second).await;
    assert_eq!((ended.status, ended.emails.len()), (UploadStatus::Duplicate, 1));
    assert_eq!(books.upload(second).await.duplicate_of, Some(first));
    books.undo(first).await.unwrap();
    let third = books.announce(day(3), UploadMode::Commit).await;
    assert_eq!(send(third).await.status, UploadStatus::Completed, "what was taken back may come again");
}

#[tokio::test]
async fn a_control_that_does_not_tie_holds_the_upload_until_somebody_approves() {
    let database = TestDatabase::new().await;
    let books = Books::new(&database, "aveline").await;
    let mut untied = document("liberty", DocumentKind::Snapshot, &[month(1)]);
    untied.controls.push(Control {
        name: "Grand Total / amount".to_owned(),
        sheet: None,
        cell: Some("N95".to_owned()),
        expected: Decimal::new(2100, 2),
        actual: Decimal::new(1050, 2),
        ok: false,
    });
    untied.rejects.push(Reject {
        sheet: None,
        row: 4,
        column: Some("qty".to_owned()),
        cell: None,
        value: Some("1\u{0}0".to_owned()),
        code: "not_a_number".to_owned(),
        message: "Not a number.".to_owned(),
        suggestion: None,
    });
    let id = books.announce(day(1), UploadMode::Commit).await;
    let sold = [sold(1, "A", 1)];
    let ended = books.ingest(id, &sha256(id), untied.clone(), rows(&sold)).await;
    assert_eq!(ended.status, UploadStatus::NeedsReview);
    assert_eq!(books.sales("liberty").await, [], "nothing of a held upload counts");
    let held = books.upload(id).await;
    assert_eq!((held.changes, held.periods.len()), (changes(1, 0, 0, 0), 1), "but it says what it would do");

    let mut tenant = books.system().await;
    assert_eq!(uploads::controls(&mut tenant, id).await.unwrap(), untied.controls);
    assert_eq!(uploads::rejects(&mut tenant, id, 10, None).await.unwrap()[0].1.value.as_deref(), Some("10"));
    assert!(uploads::rejects(&mut tenant, id, 10, Some(0)).await.unwrap().is_empty());
    assert!(uploads::approve(&mut tenant, id, books.seeded.owner, "checked by phone").await.unwrap());
    assert!(!uploads::approve(&mut tenant, id, books.seeded.owner, "again").await.unwrap());
    tenant.commit().await.unwrap();
    let ended = books.ingest(id, &sha256(id), untied, rows(&sold)).await;
    assert_eq!(ended.status, UploadStatus::Completed);
    assert_eq!(books.sales("liberty").await, sold);
    assert_eq!(books.upload(id).await.approval.unwrap().reason, "checked by phone");
}

#[tokio::test]
async fn an_upload_to_validate_is_held_until_it_is_approved() {
    let database = TestDatabase::new().await;
    let books = Books::new(&database, "aveline").await;
    let id = books.announce(day(1), UploadMode::Validate).await;
    let send = async || {
        let document = document("liberty", DocumentKind::Snapshot, &[month(1)]);
        books.ingest(id, &sha256(id), document, rows(&[sold(1, "A", 1)])).await.status
    };
    assert_eq!(send().await, UploadStatus::NeedsReview);
    assert_eq!(books.upload(id).await.questions[0].id, "confirm_booking");
    let mut tenant = books.system().await;
    uploads::approve(&mut tenant, id, books.seeded.owner, "").await.unwrap();
    tenant.commit().await.unwrap();
    assert_eq!(send().await, UploadStatus::Completed);
}

#[tokio::test]
async fn a_period_that_cuts_across_another_one_is_held_with_the_other_named() {
    let database = TestDatabase::new().await;
    let books = Books::new(&database, "aveline").await;
    books
        .send(day(1), document("liberty", DocumentKind::Snapshot, &[month(1)]), rows(&[sold(1, "A", 1)]))
        .await;
    let week = Period::new("2026-01-25".parse().unwrap(), "2026-01-31".parse().unwrap()).unwrap();
    let weekly = SaleRow { period: week, ..row(&sold(1, "A", 1)) };
    let id = books.announce(day(2), UploadMode::Commit).await;
    let report = document("liberty", DocumentKind::Snapshot, &[week]);
    let ended = books.ingest(id, &sha256(id), report.clone(), vec![weekly.clone()]).await;
    assert_eq!(ended.status, UploadStatus::NeedsReview);
    let question = books.upload(id).await.questions.remove(0);
    assert_eq!(question.code, "period_overlap");
    assert!(question.message.contains("2026-01-01 to 2026-01-31, which \"report.csv\""));
    assert_eq!(books.sales("liberty").await.len(), 1);

    let mut tenant = books.system().await;
    uploads::approve(&mut tenant, id, books.seeded.owner, "both are right").await.unwrap();
    tenant.commit().await.unwrap();
    assert_eq!(books.ingest(id, &sha256(id), report, vec![weekly]).await.status, UploadStatus::Completed);
    assert_eq!(books.sales("liberty").await.len(), 2);
}

#[tokio::test]
async fn a_held_worker_keeps_others_out_until_it_is_gone() {
    let database = TestDatabase::new().await;
    let books = Books::new(&database, "aveline").await;
    let id = books.announce(day(1), UploadMode::Commit).await;
    let mut first = books.system().await;
    assert!(uploads::lock(&mut first, id).await.unwrap());
    let mut second = books.system().await;
    assert!(!uploads::lock(&mut second, id).await.unwrap());
    // As when the worker is killed: its connection breaks.
    let pid: i32 = sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(&mut *first).await.unwrap();
    let gone: bool = sqlx::query_scalar("SELECT pg_terminate_backend($1, 5000)")
        .bind(pid)
        .fetch_one(database.admin())
        .await
        .unwrap();
    assert!(gone);
    assert!(uploads::lock(&mut second, id).await.unwrap());
    assert!(booking::open(&mut second, id, &sha256(id)).await.unwrap().is_none());
}
