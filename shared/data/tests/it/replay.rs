//! Booked files that are read again.

use data::booking;
use domain::{Control, DocumentKind, Finding, MailChanges, PeriodChange, UploadMode, UploadStatus};
use testkit::TestDatabase;

use crate::books::{Books, Sold, day, document, line, month, row, sold};

fn january(sold: &[Sold]) -> (domain::Report, Vec<domain::SaleRow>) {
    (document("liberty", DocumentKind::Snapshot, &[month(1)]), sold.iter().map(row).collect())
}

#[tokio::test]
async fn a_replay_reports_what_changed_and_a_second_one_changes_nothing() {
    let database = TestDatabase::new().await;
    let books = Books::new(&database, "aveline").await;
    let (report, rows) = january(&[sold(1, "A", 1), sold(1, "B", 2)]);
    let id = books.send(day(1), report, rows).await;
    let again = [sold(1, "A", 1), sold(1, "B", 3), sold(1, "C", 1)];
    for (added, changed, unchanged) in [(1, 1, 1), (0, 0, 3), (0, 0, 3)] {
        assert!(books.replay(id, january(&again)).await);
        let upload = books.upload(id).await;
        assert_eq!(upload.status, UploadStatus::Completed);
        assert_eq!(upload.replay, Some(MailChanges { added, changed, removed: 0, unchanged }));
        assert_eq!(upload.changes, MailChanges { added: 3, ..MailChanges::default() }, "it replaced nothing");
        let expected = if added == 1 { PeriodChange::Changed } else { PeriodChange::Unchanged };
        assert_eq!(upload.periods[0].change, expected);
        assert_eq!(books.sales("liberty").await, again);
        assert_eq!(books.rollup_differences().await, 0);
    }
}

#[tokio::test]
async fn a_file_that_shares_the_rows_of_a_replayed_one_keeps_what_it_says() {
    let database = TestDatabase::new().await;
    let books = Books::new(&database, "aveline").await;
    let said = [sold(1, "A", 1)];
    let (report, rows) = january(&said);
    let first = books.send(day(1), report, rows).await;
    let (report, rows) = january(&said);
    let later = books.send(day(2), report, rows).await;
    assert!(books.replay(first, january(&[sold(1, "A", 5)])).await);
    assert_eq!(books.sales("liberty").await, said, "the later file counts");
    books.undo(later).await.unwrap();
    assert_eq!(books.sales("liberty").await, [sold(1, "A", 5)]);
    books.undo(first).await.unwrap();
    assert_eq!(books.sales("liberty").await, []);
    assert_eq!(books.rollup_differences().await, 0);
}

#[tokio::test]
async fn a_replay_that_must_be_decided_counts_nothing_until_it_is() {
    let database = TestDatabase::new().await;
    let books = Books::new(&database, "aveline").await;
    let (report, rows) = january(&[sold(1, "A", 1)]);
    books.send(day(1), report, rows).await;
    let (report, rows) = january(&[sold(1, "A", 2)]);
    let id = books.send(day(2), report, rows).await;
    let (mut untied, rows) = january(&[sold(1, "A", 3)]);
    untied.controls.push(Control {
        name: "Total".to_owned(),
        sheet: None,
        cell: None,
        expected: 4.into(),
        actual: 3.into(),
        ok: false,
    });
    assert!(books.replay(id, (untied, rows)).await);
    assert_eq!(books.upload(id).await.status, UploadStatus::NeedsReview);
    assert_eq!(books.sales("liberty").await, [sold(1, "A", 1)], "what it had replaced counts again");
    assert!(books.replay(id, january(&[sold(1, "A", 2)])).await);
    assert_eq!(books.sales("liberty").await, [sold(1, "A", 2)]);
    assert_eq!(books.rollup_differences().await, 0);
}

#[tokio::test]
async fn a_replay_that_fails_leaves_the_books_alone() {
    let database = TestDatabase::new().await;
    let books = Books::new(&database, "aveline").await;
    let (report, rows) = january(&[sold(1, "A", 1)]);
    let id = books.send(day(1), report, rows).await;
    let mut tenant = books.system().await;
    assert!(data::uploads::replay(&mut tenant, id).await.unwrap());
    let upload = data::uploads::find(&mut tenant, id).await.unwrap().unwrap();
    let gone = Finding { code: "object_missing".to_owned(), message: "The file is gone.".to_owned() };
    let ended = booking::reject(&mut tenant, &upload, None, None, gone).await.unwrap();
    tenant.commit().await.unwrap();
    assert_eq!(ended.status, UploadStatus::Completed);
    assert_eq!(books.upload(id).await.warnings[0].code, "replay_failed");
    assert_eq!(books.sales("liberty").await, [sold(1, "A", 1)]);
}

#[tokio::test]
async fn a_file_that_turns_out_to_be_another_vendors_moves() {
    let database = TestDatabase::new().await;
    let books = Books::new(&database, "aveline").await;
    let said = [sold(1, "A", 1)];
    let (report, rows) = january(&said);
    let id = books.send(day(1), report, rows).await;
    let moved = document("selfridges", DocumentKind::Snapshot, &[month(1)]);
    assert!(books.replay(id, (moved, said.iter().map(row).collect())).await);
    assert_eq!(books.sales("liberty").await, []);
    assert_eq!(books.sales("selfridges").await, said);
    assert_eq!(books.rollup_differences().await, 0);
}

#[tokio::test]
async fn an_export_of_orders_that_is_read_again_loses_the_lines_it_no_longer_has() {
    let database = TestDatabase::new().await;
    let books = Books::new(&database, "aveline").await;
    let export = |sold: &[Sold]| {
        (document("online", DocumentKind::Increment, &[month(1)]), sold.iter().map(line).collect::<Vec<_>>())
    };
    let (report, rows) = export(&[sold(1, "L1", 1), sold(1, "L2", 1)]);
    let id = books.send(day(1), report, rows).await;
    assert!(books.replay(id, export(&[sold(1, "L1", 2)])).await);
    assert_eq!(books.sales("online").await, [sold(1, "L1", 2)]);
    assert_eq!(
        books.upload(id).await.replay,
        Some(MailChanges { added: 0, changed: 1, removed: 1, unchanged: 0 })
    );
    assert_eq!(books.rollup_differences().await, 0);
}

#[tokio::test]
async fn what_is_undone_or_under_way_cannot_be_replayed() {
    let database = TestDatabase::new().await;
    let books = Books::new(&database, "aveline").await;
    let pending = books.announce(day(1), UploadMode::Commit).await;
    assert!(!books.replay(pending, january(&[])).await);
    let (report, rows) = january(&[sold(1, "A", 1)]);
    let id = books.send(day(1), report, rows).await;
    books.undo(id).await.unwrap();
    assert!(!books.replay(id, january(&[])).await);
}
