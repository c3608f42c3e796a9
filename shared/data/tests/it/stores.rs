//! Spellings that become one store.

use data::stores::{self, Changed, Details, SpellingWithdrawn};
use domain::{DocumentKind, SaleRow, StoreKind};
use testkit::TestDatabase;
use uuid::Uuid;

use crate::books::{Books, day, document, month, row, sold};

impl Books<'_> {
    async fn at(&self, on: i64, spellings: &[&str]) -> domain::UploadId {
        let rows = spellings
            .iter()
            .map(|store| SaleRow { store: Some((*store).to_owned()), ..row(&sold(1, "A", 1)) });
        self.send(day(on), document("galilu", DocumentKind::Snapshot, &[month(1)]), rows.collect()).await
    }

    /// Stores as they are shown and printed, with where they are; every row of the rollup agrees.
    async fn shown(&self) -> Vec<(String, String, Option<String>, Option<String>)> {
        assert_eq!(self.rollup_differences().await, 0);
        sqlx::query_as(
            "SELECT store, store_printed, store_kind, city FROM sales WHERE org_id = $1 ORDER BY store, store_printed",
        )
        .bind(self.org().0)
        .fetch_all(self.database.admin())
        .await
        .unwrap()
    }
}

fn shown(store: &str, printed: &str) -> (String, String, Option<String>, Option<String>) {
    (store.to_owned(), printed.to_owned(), None, None)
}

#[tokio::test]
async fn confirmed_spellings_are_one_store_in_what_is_booked_and_in_what_comes() {
    let database = TestDatabase::new().await;
    let books = Books::new(&database, "aveline").await;
    let by = books.seeded.owner;
    let first = books.at(1, &["Brama SOP", "Lodz"]).await;
    let second = books.at(2, &["Brama  sop", "Brama Sopot"]).await;
    let details = Details {
        kind: Some(Some(StoreKind::Physical)),
        city: Some(Some("Sopot".to_owned())),
        ..Details::default()
    };
    let mut tenant = books.system().await;
    let spellings = ["Brama SOP".to_owned()];
    let (store, rows) =
        stores::confirm(&mut tenant, "galilu", "Brama Sopot", &spellings, &details, by).await.unwrap();
    tenant.commit().await.unwrap();
    assert_eq!((rows, store.rows), (3, 2), "one of them is history");
    let there = |printed: &str| {
        let (store, printed, ..) = shown("Brama Sopot", printed);
        (store, printed, Some("physical".to_owned()), Some("Sopot".to_owned()))
    };
    assert_eq!(books.shown().await, [there("Brama  sop"), there("Brama Sopot")]);
    books.undo(second).await.unwrap();
    assert_eq!(books.shown().await, [there("Brama SOP"), shown("Lodz", "Lodz")]);
    books.at(3, &["BRAMA SOP"]).await;
    assert_eq!(books.shown().await, [there("BRAMA SOP")]);
    let unassigned = stores::unassigned(&mut books.system().await, Some("galilu")).await.unwrap();
    assert!(unassigned.is_empty(), "{unassigned:?}");

    let spelling = store.spellings.iter().find(|spelling| spelling.spelling == "Brama SOP").unwrap().id;
    let mut tenant = books.system().await;
    let withdrawn = stores::withdraw(&mut tenant, spelling, by).await.unwrap();
    assert_eq!(withdrawn, SpellingWithdrawn::Done { rows_returned: 3 });
    assert_eq!(stores::withdraw(&mut tenant, spelling, by).await.unwrap(), SpellingWithdrawn::Before);
    assert_eq!(stores::withdraw(&mut tenant, Uuid::nil(), by).await.unwrap(), SpellingWithdrawn::Unknown);
    tenant.commit().await.unwrap();
    assert_eq!(books.shown().await, [shown("BRAMA SOP", "BRAMA SOP")]);
    assert!(books.undo(first).await.is_some());
}

#[tokio::test]
async fn a_store_is_renamed_and_moved_and_another_takes_its_spellings() {
    let database = TestDatabase::new().await;
    let books = Books::new(&database, "aveline").await;
    let by = books.seeded.owner;
    books.at(1, &["www", "Flagship"]).await;
    let mut tenant = books.system().await;
    let nothing = Details::default();
    let (web, _) = stores::confirm(&mut tenant, "galilu", "www", &[], &nothing, by).await.unwrap();
    let online = Details { kind: Some(Some(StoreKind::Online)), ..Details::default() };
    let changed = stores::update(&mut tenant, web.id, Some("online"), &online, by).await.unwrap();
    assert!(matches!(changed, Changed::Done(store) if store.kind.as_deref() == Some("online")));
    let (shop, _) = stores::confirm(&mut tenant, "galilu", "Flagship", &[], &nothing, by).await.unwrap();
    let taken = stores::update(&mut tenant, shop.id, Some("online"), &nothing, by).await.unwrap();
    assert_eq!(taken, Changed::NameTaken);
    let unknown = stores::update(&mut tenant, Uuid::nil(), None, &nothing, by).await.unwrap();
    assert_eq!(unknown, Changed::Unknown);
    tenant.commit().await.unwrap();
    let is = |store: &str, printed: &str, kind: Option<&str>| {
        (store.to_owned(), printed.to_owned(), kind.map(str::to_owned), None)
    };
    assert_eq!(books.shown().await, [is("Flagship", "Flagship", None), is("online", "www", Some("online"))]);

    let mut tenant = books.system().await;
    let merged = stores::confirm(&mut tenant, "galilu", "Flagship", &["www".to_owned()], &nothing, by).await;
    assert_eq!(merged.unwrap().1, 1);
    tenant.commit().await.unwrap();
    assert_eq!(books.shown().await, [is("Flagship", "Flagship", None), is("Flagship", "www", None)]);
    let rows = |store: &stores::Store| (store.name.clone(), store.rows);
    let listed = stores::list(&mut books.system().await, None, 10, None).await.unwrap();
    assert_eq!(
        listed.iter().map(rows).collect::<Vec<_>>(),
        [("Flagship".to_owned(), 2), ("online".to_owned(), 0)]
    );
}
