//! Creating requests that are sent twice.

use data::idempotency_keys::{Begin, Keyed, begin, finish};
use serde_json::json;
use testkit::TestDatabase;

const FIRST: Keyed<'_> = Keyed { route: "POST /v1/uploads", key: "k", body_hash: [1; 32] };

#[tokio::test]
async fn a_twin_waits_and_is_given_the_same_answer() {
    let database = TestDatabase::new().await;
    let seeded = database.seed("aveline").await;
    let mut first = database.app().system(seeded.org).await.unwrap();
    assert_eq!(begin(&mut first, &FIRST).await.unwrap(), Begin::Fresh);
    let twin = async {
        let mut second = database.app().system(seeded.org).await.unwrap();
        begin(&mut second, &FIRST).await.unwrap()
    };
    let effect = async {
        finish(&mut first, &FIRST, 201, &json!({"id": 1})).await.unwrap();
        first.commit().await.unwrap();
    };
    let (answer, ()) = tokio::join!(twin, effect);
    assert_eq!(answer, Begin::Replay { status: 201, response: json!({"id": 1}) });
}

#[tokio::test]
async fn a_key_is_one_body_of_one_route_of_one_tenant() {
    let database = TestDatabase::new().await;
    let (seeded, rival) = (database.seed("aveline").await, database.seed("rival").await);
    let mut tenant = database.app().system(seeded.org).await.unwrap();
    begin(&mut tenant, &FIRST).await.unwrap();
    let other_body = Keyed { body_hash: [2; 32], ..FIRST };
    assert_eq!(begin(&mut tenant, &other_body).await.unwrap(), Begin::Mismatch);
    let other_route = Keyed { route: "POST /v1/reports", ..FIRST };
    assert_eq!(begin(&mut tenant, &other_route).await.unwrap(), Begin::Fresh);
    tenant.commit().await.unwrap();
    let mut tenant = database.app().system(rival.org).await.unwrap();
    assert_eq!(begin(&mut tenant, &FIRST).await.unwrap(), Begin::Fresh);
}

#[tokio::test]
async fn what_rolled_back_leaves_its_key_free_and_a_day_later_keys_are_forgotten() {
    let database = TestDatabase::new().await;
    let seeded = database.seed("aveline").await;
    let mut tenant = database.app().system(seeded.org).await.unwrap();
    begin(&mut tenant, &FIRST).await.unwrap();
    drop(tenant);
    let mut tenant = database.app().system(seeded.org).await.unwrap();
    assert_eq!(begin(&mut tenant, &FIRST).await.unwrap(), Begin::Fresh);
    tenant.commit().await.unwrap();
    sqlx::query("UPDATE idempotency_keys SET created_at = now() - interval '25 hours'")
        .execute(database.admin())
        .await
        .unwrap();
    let mut tenant = database.app().system(seeded.org).await.unwrap();
    assert_eq!(begin(&mut tenant, &FIRST).await.unwrap(), Begin::Fresh);
}
