//! Attempts to climb the tenant wall, with none of the application's own checks in the way.

use testkit::TestDatabase;

#[tokio::test]
async fn a_tenant_sees_its_own_rows_only() {
    let database = TestDatabase::new().await;
    let (aveline, rival) = (database.seed("aveline").await, database.seed("rival").await);
    let mut tenant = database.app().tenant(aveline.org).await.unwrap();
    let slugs: Vec<String> =
        sqlx::query_scalar("SELECT slug FROM organizations").fetch_all(&mut *tenant).await.unwrap();
    assert_eq!(slugs, ["aveline"]);
    let moved = sqlx::query("UPDATE users SET role = 'viewer' WHERE org_id = $1")
        .bind(rival.org.0)
        .execute(&mut *tenant)
        .await
        .unwrap();
    assert_eq!(moved.rows_affected(), 0);
}
