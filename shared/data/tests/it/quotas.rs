//! Quotas: exact under concurrency, counted with what they are for, and nobody's but the organisation's.

use data::quotas::{Quota, settle, take};
use testkit::TestDatabase;
use tokio::task::JoinSet;

#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_uses_at_once_exactly_as_many_are_granted_as_there_are() {
    let database = TestDatabase::new().await;
    let org = database.seed("aveline").await.org;
    let settings = database.settings();
    let mut uses = JoinSet::new();
    for _ in 0..50 {
        let settings = settings.clone();
        uses.spawn(async move {
            let database = data::Database::connect(&settings).unwrap();
            let mut tenant = database.system(org).await.unwrap();
            let used = take(&mut tenant, Quota::Files, 2, 15).await.unwrap();
            tenant.commit().await.unwrap();
            used.granted
        });
    }
    let granted = uses.join_all().await;
    assert_eq!(granted.into_iter().filter(|granted| *granted).count(), 7, "two of fifteen each");
}

#[tokio::test]
async fn what_is_rolled_back_or_given_back_was_not_used() {
    let database = TestDatabase::new().await;
    let org = database.seed("aveline").await.org;
    let use_up = async |amount, commit: bool| {
        let mut tenant = database.app().system(org).await.unwrap();
        let used = take(&mut tenant, Quota::AiTokens, amount, 10).await.unwrap();
        if commit {
            tenant.commit().await.unwrap();
        } else {
            tenant.rollback().await.unwrap();
        }
        used
    };
    assert!(use_up(10, false).await.granted);
    assert!(use_up(10, true).await.granted);
    let refused = use_up(1, true).await;
    assert!(
        !refused.granted && refused.quota == 10 && (1..=31 * 86_400).contains(&refused.ends_in),
        "{refused:?}"
    );
    let correct = async |rest| {
        let mut tenant = database.app().system(org).await.unwrap();
        settle(&mut tenant, Quota::AiTokens, rest).await.unwrap();
        tenant.commit().await.unwrap();
    };
    correct(-4).await;
    assert!(!use_up(5, true).await.granted && use_up(4, true).await.granted);
    correct(3).await;
    correct(-2).await;
    assert!(!use_up(1, true).await.granted, "what was used was used, also beyond the quota");
}

#[tokio::test]
async fn an_organisation_has_its_own_quota_and_its_own_count() {
    let database = TestDatabase::new().await;
    let (org, rival) = (database.seed("aveline").await, database.seed("rival").await);
    sqlx::query("INSERT INTO quotas (org_id, files_a_day) VALUES ($1, 2)")
        .bind(org.org.0)
        .execute(database.admin())
        .await
        .unwrap();
    let granted = async |org, quota, limit| {
        let mut tenant = database.app().system(org).await.unwrap();
        let used = take(&mut tenant, quota, 1, limit).await.unwrap();
        tenant.commit().await.unwrap();
        used.granted
    };
    assert!(granted(org.org, Quota::Files, 1).await && granted(org.org, Quota::Files, 1).await);
    assert!(!granted(org.org, Quota::Files, 100).await, "its own, not the installation's");
    assert!(granted(org.org, Quota::Bytes, 1).await, "each is counted apart");
    assert!(granted(rival.org, Quota::Files, 1).await);
    // Nobody raises a quota or forgets what was used.
    for statement in
        ["UPDATE quotas SET files_a_day = 9", "UPDATE quota_usage SET used = 0", "DELETE FROM quota_usage"]
    {
        let mut tenant = database.app().tenant(&org.principal()).await.unwrap();
        assert!(sqlx::query(statement).execute(&mut *tenant).await.is_err(), "{statement}");
    }
}
