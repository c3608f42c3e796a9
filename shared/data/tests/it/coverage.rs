//! What is missing follows what is stated, restated and undone.

use chrono::NaiveDate;
use data::{
    coverage::{self, State},
    known_gaps::{self, NewKnownGap},
};
use domain::{DocumentKind, KnownGapId, Period, SaleRow};
use testkit::TestDatabase;

use crate::books::{Books, day, document, line, month, row, sold};

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

impl Books<'_> {
    /// The cells of a vendor on a day, in words.
    async fn cells(&self, vendor: &str, today: &str) -> Vec<String> {
        let books = coverage::load(&mut self.system().await, Some(vendor)).await.unwrap();
        let rows = books.coverage(None, None, date(today));
        let cells = rows.iter().flat_map(|row| &row.cells);
        cells.map(|cell| format!("{}..{} {:?}", cell.period.start(), cell.period.end(), cell.state)).collect()
    }

    async fn missing(&self, vendor: &str) -> Vec<String> {
        let cells = self.cells(vendor, "2026-04-10").await;
        let missing = cells.into_iter().filter(|cell| cell.ends_with(&format!("{:?}", State::Missing)));
        missing.map(|cell| cell.split(' ').next().unwrap().to_owned()).collect()
    }
}

#[tokio::test]
async fn a_month_is_missing_until_it_is_stated_and_again_when_that_is_undone() {
    let database = TestDatabase::new().await;
    let books = Books::new(&database, "acme").await;
    for stated in [1, 3] {
        let document = document("boxnox", DocumentKind::Snapshot, &[month(stated)]);
        books.send(day(stated.into()), document, vec![row(&sold(stated, "A", 1))]).await;
    }
    assert_eq!(books.missing("boxnox").await, ["2026-02-01..2026-02-28"]);
    // A file that states that nothing was sold is a report too.
    let empty = books.send(day(4), document("boxnox", DocumentKind::Snapshot, &[month(2)]), Vec::new()).await;
    assert_eq!(books.missing("boxnox").await, [""; 0]);
    let living = document("boxnox", DocumentKind::Living, &[month(1), month(2), month(3)]);
    books.send(day(5), living, vec![row(&sold(2, "A", 2))]).await;
    books.undo(empty).await.unwrap();
    assert_eq!(books.missing("boxnox").await, [""; 0], "another file states it still");

    let loaded = coverage::load(&mut books.system().await, None).await.unwrap();
    let rows = loaded.coverage(None, None, date("2026-04-10"));
    let february = rows[0].cells[1].reported.as_ref().unwrap();
    assert_eq!((february.statements, rows[0].periods), (1, 3), "what was undone was never said");
}

#[tokio::test]
async fn a_known_gap_covers_its_own_vendor_and_organisation_only() {
    let database = TestDatabase::new().await;
    let books = Books::new(&database, "acme").await;
    let others = Books::new(&database, "other").await;
    for books in [&books, &others] {
        for (vendor, stated) in [("boxnox", 1), ("boxnox", 3), ("cdlc", 1), ("cdlc", 3)] {
            let document = document(vendor, DocumentKind::Snapshot, &[month(stated)]);
            books.send(day(stated.into()), document, vec![row(&sold(stated, "A", 1))]).await;
        }
    }
    let mut tenant = books.system().await;
    let new = NewKnownGap {
        vendor: "boxnox",
        first_day: date("2026-02-01"),
        last_day: Some(date("2026-02-28")),
        reason: "closed",
        created_by: books.seeded.owner,
    };
    let gap = known_gaps::insert(&mut tenant, &new).await.unwrap().unwrap();
    assert!(known_gaps::insert(&mut tenant, &new).await.unwrap().is_none());
    tenant.commit().await.unwrap();

    assert_eq!(books.missing("boxnox").await, [""; 0]);
    assert_eq!(books.missing("cdlc").await.len(), 1);
    assert_eq!(others.missing("boxnox").await.len(), 1);
    let mut stranger = others.system().await;
    assert!(!known_gaps::delete(&mut stranger, KnownGapId(gap.id)).await.unwrap());
    let mut tenant = books.system().await;
    assert!(known_gaps::delete(&mut tenant, KnownGapId(gap.id)).await.unwrap());
    tenant.commit().await.unwrap();
    assert_eq!(books.missing("boxnox").await.len(), 1);
}

#[tokio::test]
async fn days_without_an_order_count_as_reported_within_an_export_and_not_between_two() {
    let database = TestDatabase::new().await;
    let books = Books::new(&database, "acme").await;
    let on = |order: &str, day: &str| {
        let mut order = line(&sold(1, order, 1));
        order.period = Period::day(date(day));
        order.sale_date = Some(date(day));
        order
    };
    let send = async |rows: Vec<SaleRow>| {
        let days: Vec<Period> = rows.iter().map(|row| row.period).collect();
        books.send(day(40), document("shop", DocumentKind::Increment, &days), rows).await
    };
    send(vec![on("1", "2026-01-01"), on("2", "2026-01-20")]).await;
    let second = send(vec![on("3", "2026-01-25"), on("4", "2026-01-31")]).await;
    assert_eq!(books.missing("shop").await, ["2026-01-21..2026-01-24"]);
    assert_eq!(
        books.cells("shop", "2026-01-31").await,
        [
            "2026-01-01..2026-01-20 Reported",
            "2026-01-21..2026-01-24 Missing",
            "2026-01-25..2026-01-31 Reported"
        ]
    );
    send(vec![on("2", "2026-01-20"), on("5", "2026-01-22"), on("3", "2026-01-25")]).await;
    assert_eq!(books.missing("shop").await, [""; 0]);
    books.undo(second).await.unwrap();
    assert_eq!(books.missing("shop").await, [""; 0]);
}
