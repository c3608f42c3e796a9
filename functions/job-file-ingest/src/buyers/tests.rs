use data::{analytics, organizations};
use domain::{
    UploadStatus,
    metrics::{Analysis, Dimension, Metric, Value, Why},
};
use sqlx::types::Uuid;

use crate::learn::tests::Job;

/// The second line of an order does not repeat who placed it.
const ORDERS: &str = "Order ID;Order Date;Product EAN;Functional Name;Product Name;Quantity;Sales EUR;Customer Email;Phone\n\
    1001;2026-03-02;4006381333931;RC100;Radio Child 100ml;1;95,00;ann@shop.example;+49 1\n\
    1001;2026-03-02;5901234123457;DP50;Dark Purple 50ml;1;85,00;;\n\
    1002;2026-03-03;4006381333931;RC100;Radio Child 100ml;1;95,00;Bob@Shop.Example;+49 2\n\
    1003;2026-03-04;4006381333931;RC100;Radio Child 100ml;1;95,00; ANN@shop.example;\n\
    1004;2026-03-05;4006381333931;RC100;Radio Child 100ml;1;95,00;;\n";

async fn keep_buyers(job: &Job, keep: bool) {
    let mut tenant = job.ctx.database.tenant(&job.seeded.principal()).await.unwrap();
    let mut settings = organizations::settings(&mut tenant).await.unwrap().unwrap();
    settings.keeps_buyers = keep;
    assert!(organizations::update(&mut tenant, &settings, None).await.unwrap());
    tenant.commit().await.unwrap();
}

/// Buyers of the lines that count, by order and line.
async fn buyers(job: &Job) -> Vec<Option<Uuid>> {
    sqlx::query_scalar("SELECT buyer FROM ecommerce_orders WHERE active ORDER BY order_id, source_row")
        .fetch_all(job.database.admin())
        .await
        .unwrap()
}

/// How many buyers there were: in all, and on every day.
async fn counted(job: &Job) -> (Value, Vec<Value>) {
    let mut tenant = job.ctx.database.tenant(&job.seeded.principal()).await.unwrap();
    let asked = Analysis { by: vec![Dimension::Day], ..Analysis::of(&[Metric::Buyers]) };
    let all = analytics::total(&mut tenant, &asked).await.unwrap();
    let days = analytics::groups(&mut tenant, &asked).await.unwrap();
    (Metric::Buyers.value(&all), days.iter().map(|day| Metric::Buyers.value(&day.sums)).collect())
}

/// Every text of the whole database that has a word in it.
async fn is_anywhere(job: &Job, word: &str) -> bool {
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')",
    )
    .fetch_all(job.database.admin())
    .await
    .unwrap();
    for table in tables {
        let statement =
            format!("SELECT EXISTS (SELECT FROM {table} AS t WHERE t::text ILIKE '%' || $1 || '%')");
        let found: bool = sqlx::query_scalar(sqlx::AssertSqlSafe(statement))
            .bind(word)
            .fetch_one(job.database.admin())
            .await
            .unwrap();
        if found {
            return true;
        }
    }
    false
}

#[tokio::test]
async fn nothing_of_a_buyer_is_kept_unless_the_organisation_says_so() {
    let job = Job::new().await;
    let upload = job.take("online orders.csv", ORDERS).await;
    assert_eq!(upload.status, UploadStatus::Completed, "{upload:#?}");
    assert_eq!(buyers(&job).await, [None; 5]);
    assert!(!is_anywhere(&job, "shop.example").await && !is_anywhere(&job, "+49 1").await);
}

#[tokio::test]
async fn buyers_are_told_apart_without_being_known_and_forgotten_at_once() {
    let job = Job::new().await;
    keep_buyers(&job, true).await;
    let upload = job.take("online orders.csv", ORDERS).await;
    assert_eq!(upload.status, UploadStatus::Completed, "{upload:#?}");
    let kept = buyers(&job).await;
    let (ann, bob) = (kept[0].unwrap(), kept[2].unwrap());
    assert_eq!(kept, [Some(ann), Some(ann), Some(bob), Some(ann), None]);
    assert_ne!(ann, bob);
    assert!(!is_anywhere(&job, "shop.example").await, "an address is in the database");
    let unknown = Value::Unknown(Why::NotReported);
    let known = |buyers: i64| Value::Known(buyers.into());
    assert_eq!(counted(&job).await, (known(2), vec![known(1), known(1), known(1), unknown]));

    keep_buyers(&job, false).await;
    assert_eq!(buyers(&job).await, [None; 5]);
    assert_eq!(counted(&job).await, (unknown, vec![unknown; 4]));

    // Another salt: who kept a copy of the former hashes finds nobody again.
    keep_buyers(&job, true).await;
    let again = job.take("online orders again.csv", &ORDERS.replace("1004;", "1005;")).await;
    assert_eq!(again.status, UploadStatus::Completed, "{again:#?}");
    let anew = buyers(&job).await;
    assert!(anew.iter().flatten().count() >= 4 && !anew.contains(&Some(ann)), "{anew:?}");
}

#[tokio::test]
async fn a_shop_that_nobody_knows_is_read_the_same_way() {
    let job = Job::new().await;
    keep_buyers(&job, true).await;
    let orders = "Auftragsnummer;Bestelldatum;EAN;Menge;Betrag EUR;E-Mail\n\
        A1;02.03.2026;4006381333931;1;95,00;ann@shop.example\n\
        A2;14.03.2026;4006381333931;1;95,00;bob@shop.example\n\
        A3;31.03.2026;5901234123457;3;255,00;ann@shop.example\n";
    let held = job.take("bestellungen.csv", orders).await;
    let booked = job.answer(&held, "webshop").await;
    assert_eq!(booked.status, UploadStatus::Completed, "{booked:#?}");
    let kept = buyers(&job).await;
    assert!(kept[0].is_some() && kept[0] == kept[2] && kept[0] != kept[1], "{kept:?}");
}
