//! Listing what counts, and euro amounts that follow the rates.

use data::{
    fx_rates,
    sales::{self, Filter},
};
use domain::{DocumentKind, Rate, SaleRow};
use rust_decimal::Decimal;
use testkit::TestDatabase;

use crate::books::{Books, day, document, line, month, row, sold};

#[tokio::test]
async fn an_upload_lists_the_rows_it_states_also_those_it_shares() {
    let database = TestDatabase::new().await;
    let books = Books::new(&database, "aveline").await;
    let rows = || vec![row(&sold(1, "A", 1)), row(&sold(1, "B", 2))];
    let living = || document("boxnox", DocumentKind::Living, &[month(1)]);
    let first = books.send(day(1), living(), rows()).await;
    let second = books.send(day(2), living(), rows()).await;
    let lines = || document("online", DocumentKind::Increment, &[month(1)]);
    let third = books.send(day(1), lines(), vec![line(&sold(1, "L1", 1))]).await;
    books.send(day(2), lines(), vec![line(&sold(1, "L1", 1)), line(&sold(1, "L2", 1))]).await;
    let mut tenant = books.system().await;
    for (upload, count) in [(first, 2), (second, 2), (third, 1)] {
        let filter = Filter { upload: Some(upload), ..Filter::default() };
        assert_eq!(sales::list(&mut tenant, &filter, 10, None).await.unwrap().len(), count);
    }
    let all = sales::list(&mut tenant, &Filter::default(), 10, None).await.unwrap();
    assert_eq!(all.len(), 4);
    let rest = sales::list(&mut tenant, &Filter::default(), 10, Some(all[0].id)).await.unwrap();
    assert_eq!(rest, all[1..]);
    let none =
        Filter { from: Some(month(2).start()), vendor: Some("boxnox".to_owned()), ..Filter::default() };
    assert!(sales::list(&mut tenant, &none, 10, None).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_rate_that_comes_later_fills_the_gap_everywhere_and_a_changed_one_restates() {
    let database = TestDatabase::new().await;
    let books = Books::new(&database, "aveline").await;
    let without = |quantity| SaleRow { amount_eur: None, ..row(&sold(1, "A", quantity)) };
    let id = books
        .send(day(1), document("liberty", DocumentKind::Snapshot, &[month(1)]), vec![without(1), without(2)])
        .await;
    assert_eq!(books.upload(id).await.totals[0].amount_eur, None);
    for (rate, euro) in [(12, "37.800"), (20, "63.00")] {
        let rate = Rate {
            month: month(1).start(),
            currency: "GBP".parse().unwrap(),
            eur_per_unit: Decimal::new(rate, 1),
            source: "test".to_owned(),
        };
        let mut tenant = books.system().await;
        fx_rates::import(&mut tenant, &[rate]).await.unwrap();
        tenant.commit().await.unwrap();
        let euro: Decimal = euro.parse().unwrap();
        assert_eq!(books.upload(id).await.totals[0].amount_eur, Some(euro));
        let listed = sales::list(&mut books.system().await, &Filter::default(), 10, None).await.unwrap();
        assert_eq!(listed.iter().filter_map(|sale| sale.amount_eur).sum::<Decimal>(), euro);
        let kept: Decimal = sqlx::query_scalar("SELECT sum(amount_eur) FROM sales_daily")
            .fetch_one(database.admin())
            .await
            .unwrap();
        assert_eq!(kept, euro);
        assert_eq!(books.rollup_differences().await, 0);
    }
}
