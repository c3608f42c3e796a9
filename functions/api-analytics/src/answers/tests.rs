use edge::http::{RequestBuilder, answer};
use serde_json::json;

use super::*;
use crate::{books::Books, summary};

const PATH: &str = "/v1/analytics/summary?from=2026-02-01&to=2026-02-28&vendor=boxnox";

#[tokio::test]
async fn an_answer_is_given_again_until_anything_it_rests_on_changes() {
    let books = Books::new().await;
    let viewer = books.database.principal(books.seeded.org, "viewer").await;
    let first = books.ask_as(summary::handle, &viewer, PATH).await;
    assert_eq!(first.json()["revenue_eur"], "250.00");
    // Behind everybody's back, so that only memory can give the former answer.
    sqlx::query("UPDATE sales_rollup SET amount_eur = amount_eur + 1")
        .execute(books.database.admin())
        .await
        .unwrap();
    let again = books.ask_as(summary::handle, &viewer, PATH).await;
    assert_eq!((&again.json(), again.header("etag")), (&first.json(), first.header("etag")));

    for change in [
        "UPDATE uploads SET vendor = 'boxnox'",
        "INSERT INTO fx_rates (org_id, month, currency, eur_per_unit, source) SELECT id, '2026-02-01', 'GBP', 1.15, 'x' FROM organizations",
        "UPDATE vendors SET name = name || '!'",
        "DELETE FROM products",
        "INSERT INTO known_gaps (id, org_id, vendor, first_day, reason, created_by) SELECT uuidv7(), org_id, 'boxnox', '2027-01-01', 'x', id FROM users WHERE role = 'owner'",
        "UPDATE organizations SET fiscal_year_begins = 4",
    ] {
        sqlx::query("UPDATE sales_rollup SET amount_eur = amount_eur + 1")
            .execute(books.database.admin())
            .await
            .unwrap();
        let before = books.ask_as(summary::handle, &viewer, PATH).await;
        sqlx::query(change)
            .execute(books.database.admin())
            .await
            .unwrap_or_else(|error| panic!("{change}: {error}"));
        let after = books.ask_as(summary::handle, &viewer, PATH).await;
        assert_ne!(before.json()["revenue_eur"], after.json()["revenue_eur"], "{change}");
        assert_ne!(before.header("etag"), after.header("etag"), "{change}");
    }
}

#[tokio::test]
async fn rights_that_change_between_two_equal_requests_change_the_answer() {
    let books = Books::new().await;
    let viewer = books.database.principal(books.seeded.org, "viewer").await;
    let path = "/v1/analytics/summary";
    assert_eq!(books.ask_as(summary::handle, &viewer, path).await.json()["units"], "21");
    sqlx::query("INSERT INTO policies (org_id, name, user_id, vendors) VALUES ($1, 'p', $2, '{liberty}')")
        .bind(books.seeded.org.0)
        .bind(viewer.user_id.0)
        .execute(books.database.admin())
        .await
        .unwrap();
    assert_eq!(books.ask_as(summary::handle, &viewer, path).await.json()["units"], "5");
    // Another caller's answer is none of theirs.
    let other = books.database.principal(books.seeded.org, "viewer").await;
    assert_eq!(books.ask_as(summary::handle, &other, path).await.json()["units"], "21");
}

#[tokio::test]
async fn another_instance_gives_a_costly_answer_again_until_something_changes_and_to_nobody_else() {
    let books = Books::new().await;
    let viewer = books.database.principal(books.seeded.org, "viewer").await;
    let instance = || Context { costly: Duration::ZERO, ..Context::new(books.database.app().clone()) };
    let ask = async |ctx: Context, principal: &Principal| {
        let request = RequestBuilder::new("GET", PATH).principal(principal).build();
        answer(&ctx, summary::handle, request).await.json()["revenue_eur"].clone()
    };
    assert_eq!(ask(instance(), &viewer).await, "250.00");
    sqlx::query("UPDATE sales_rollup SET amount_eur = amount_eur + 1")
        .execute(books.database.admin())
        .await
        .unwrap();
    assert_eq!(ask(instance(), &viewer).await, "250.00");
    // Only theirs, even to whoever asks the table itself.
    let other = books.database.principal(books.seeded.org, "viewer").await;
    let mut tenant = books.database.app().tenant(&other).await.unwrap();
    let seen: i64 =
        sqlx::query_scalar("SELECT count(*) FROM kept_answers").fetch_one(&mut *tenant).await.unwrap();
    assert_eq!(seen, 0);
    let recent = ask(instance(), &other).await;
    assert_ne!(recent, "250.00");
    sqlx::query("UPDATE vendors SET name = name || '!'").execute(books.database.admin()).await.unwrap();
    assert_eq!(ask(instance(), &viewer).await, recent);
    let kept: Vec<String> =
        sqlx::query_scalar("SELECT body FROM kept_answers").fetch_all(books.database.admin()).await.unwrap();
    assert!(kept.iter().all(|body| !body.contains("250.00")), "{kept:?}");
}

#[tokio::test]
async fn whoever_has_the_answer_is_told_that_it_is_still_true() {
    let books = Books::new().await;
    let viewer = books.database.principal(books.seeded.org, "viewer").await;
    let first = books.ask_as(summary::handle, &viewer, PATH).await;
    let tag = first.header("etag").unwrap().to_owned();
    assert_eq!(first.header("cache-control"), Some("private, no-cache"));
    let request = |tag: &str| {
        edge::http::RequestBuilder::new("GET", PATH).principal(&viewer).header("if-none-match", tag)
    };
    let again = edge::http::answer(books.context, summary::handle, request(&tag).build()).await;
    assert_eq!((again.status, again.body().len(), again.header("etag")), (304, 0, Some(tag.as_str())));
    let other = edge::http::answer(books.context, summary::handle, request("\"other\"").build()).await;
    assert_eq!((other.status, &other.json()["units"]), (200, &json!("4")));
}
