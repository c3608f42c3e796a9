use cloud::ObjectStore;
use sqlx::AssertSqlSafe;
use testkit::{Seeded, TestDatabase};

use super::*;

struct Setting {
    database: TestDatabase,
    ctx: Context,
}

impl Setting {
    async fn new() -> Self {
        let database = TestDatabase::new().await;
        let ctx = Context { database: database.app().clone(), inbox: ObjectStore::memory() };
        Self { database, ctx }
    }

    async fn execute(&self, statement: &str, of: &Seeded) {
        let statement =
            statement.replace("{org}", &of.org.to_string()).replace("{user}", &of.owner.to_string());
        sqlx::raw_sql(AssertSqlSafe(statement)).execute(self.database.admin()).await.unwrap();
    }

    async fn count(&self, table: &str) -> i64 {
        let query = format!("SELECT count(*) FROM {table}");
        sqlx::query_scalar(AssertSqlSafe(query)).fetch_one(self.database.admin()).await.unwrap()
    }

    /// Runs the job: how many of each kind it has removed.
    async fn run(&self) -> Vec<(String, u64)> {
        run(&self.ctx).await.unwrap().removed.into_iter().collect()
    }
}

/// Two of everything: one that is old enough to go, one that is not.
const THINGS: &str = "
    INSERT INTO sessions (id, org_id, user_id, ip, last_used_at, ended_at) VALUES
        (gen_random_uuid(), '{org}', '{user}', '192.0.2.1', now() - interval '91 days', now() - interval '91 days'),
        (gen_random_uuid(), '{org}', '{user}', '192.0.2.1', now() - interval '121 days', NULL),
        (gen_random_uuid(), '{org}', '{user}', '192.0.2.1', now() - interval '89 days', now() - interval '89 days'),
        (gen_random_uuid(), '{org}', '{user}', '192.0.2.1', now() - interval '89 days', NULL);
    INSERT INTO user_tokens (token_hash, org_id, user_id, purpose, expires_at) VALUES
        (sha256('a{org}'), '{org}', '{user}', 'password_reset', now() - interval '8 days'),
        (sha256('b{org}'), '{org}', '{user}', 'password_reset', now() - interval '6 days');
    INSERT INTO idempotency_keys (org_id, subject, route, key, body_hash, created_at) VALUES
        ('{org}', '{user}', 'r', 'a', sha256('a'), now() - interval '3 days'), ('{org}', '{user}', 'r', 'b', sha256('b'), now());
    INSERT INTO email_logs (id, org_id, type, recipient, payload, status, created_at) VALUES
        (gen_random_uuid(), '{org}', 'upload_completed', 'a@x', '{}', 'failed', now() - interval '401 days'),
        (gen_random_uuid(), '{org}', 'upload_completed', 'a@x', '{}', 'queued', now() - interval '401 days'),
        (gen_random_uuid(), '{org}', 'upload_completed', 'a@x', '{}', 'failed', now());
    INSERT INTO model_calls (org_id, purpose, model, outcome, duration_ms, created_at) VALUES
        ('{org}', 'layout', 'm', 'o', 1, now() - interval '401 days'), ('{org}', 'layout', 'm', 'o', 1, now());
    INSERT INTO uploads (id, org_id, file_name, size_bytes, source, object_key, stated_at, status, created_at, finished_at) VALUES
        (md5('{org}1')::uuid, '{org}', 'a', 1, 'api', '{org}a', now(), 'undone', now() - interval '366 days', now() - interval '366 days'),
        (md5('{org}2')::uuid, '{org}', 'b', 1, 'api', '{org}b', now(), 'pending', now() - interval '366 days', NULL);
    INSERT INTO upload_rejects (org_id, upload_id, position, row, code, message) VALUES
        ('{org}', md5('{org}1')::uuid, 1, 1, 'x', 'x'), ('{org}', md5('{org}2')::uuid, 1, 1, 'x', 'x');";

#[tokio::test]
async fn what_is_older_than_the_rules_goes_and_a_second_run_finds_nothing() {
    let setting = Setting::new().await;
    for name in ["aveline", "boxwood"] {
        let seeded = setting.database.seed(name).await;
        setting.execute(THINGS, &seeded).await;
    }
    let expected = [
        ("emails", 2),
        ("idempotency_keys", 2),
        ("model_calls", 2),
        ("rejects", 2),
        ("sessions", 4),
        ("user_tokens", 2),
    ];
    assert_eq!(setting.run().await, expected.map(|(kind, count)| (kind.to_owned(), count)));
    assert_eq!(setting.run().await, []);
    for (table, left) in [
        ("sessions", 4),
        ("user_tokens", 2),
        ("idempotency_keys", 2),
        ("email_logs", 4),
        ("model_calls", 2),
        ("upload_rejects", 2),
    ] {
        assert_eq!(setting.count(table).await, left, "{table}");
    }
}

#[tokio::test]
async fn a_rule_of_one_organisation_is_no_rule_of_another() {
    let setting = Setting::new().await;
    let (one, other) = (setting.database.seed("aveline").await, setting.database.seed("boxwood").await);
    for seeded in [&one, &other] {
        setting.execute(THINGS, seeded).await;
    }
    let mut tenant = setting.database.app().system(one.org).await.unwrap();
    assert!(retention::set(&mut tenant, "sessions", 60).await.unwrap());
    for (kind, days) in [("sessions", 0), ("sessions", 401), ("emails", 29), ("books", 90)] {
        assert!(!retention::set(&mut tenant, kind, days).await.unwrap(), "{kind} {days}");
    }
    tenant.commit().await.unwrap();
    setting.run().await;
    let left = |org: OrgId| format!("sessions WHERE org_id = '{org}'");
    assert_eq!(setting.count(&left(one.org)).await, 1, "the one that may still be used");
    assert_eq!(setting.count(&left(other.org)).await, 2);
}

#[tokio::test]
async fn more_than_a_batch_goes_and_every_kind_is_known() {
    let setting = Setting::new().await;
    let seeded = setting.database.seed("aveline").await;
    let many = "INSERT INTO idempotency_keys (org_id, route, key, body_hash, created_at)
        SELECT '{org}', 'r', n::text, sha256('a'), now() - interval '3 days' FROM generate_series(1, 2500) AS n;";
    setting.execute(many, &seeded).await;
    assert_eq!(setting.run().await, [("idempotency_keys".to_owned(), 2500)]);
    let mut tenant = setting.database.app().system(seeded.org).await.unwrap();
    assert!(retention::remove(&mut tenant, "books", 1, 1).await.is_err());
}

#[tokio::test]
async fn files_of_ended_uploads_go_with_their_rule_and_a_name_that_is_used_again_stays() {
    let setting = Setting::new().await;
    let (one, other) = (setting.database.seed("aveline").await, setting.database.seed("boxwood").await);
    let uploads = "INSERT INTO uploads (id, org_id, file_name, size_bytes, source, object_key, stated_at, status, created_at, finished_at)
        SELECT gen_random_uuid(), '{org}', name, 1, 'api', '{org}/' || name, now(), status, now() - age * interval '1 day', now()
        FROM (VALUES ('old', 'completed', 1101), ('young', 'completed', 1099), ('held', 'needs_review', 2000),
            ('again', 'undone', 2000), ('again', 'completed', 3)) AS u (name, status, age)";
    for seeded in [&one, &other] {
        setting.execute(uploads, seeded).await;
        for name in ["old", "young", "held", "again", "older"] {
            setting.ctx.inbox.put(&format!("{}/{name}", seeded.org), b"x".to_vec()).await.unwrap();
        }
    }
    let mut tenant = setting.database.app().system(other.org).await.unwrap();
    assert!(retention::set(&mut tenant, "originals", 3650).await.unwrap());
    tenant.commit().await.unwrap();
    assert_eq!(setting.run().await, [("originals".to_owned(), 1)]);
    assert_eq!(setting.run().await, []);
    let is_there = async |seeded: &Seeded, name: &str| {
        setting.ctx.inbox.head(&format!("{}/{name}", seeded.org)).await.unwrap().is_some()
    };
    for name in ["young", "held", "again", "older"] {
        assert!(is_there(&one, name).await, "{name}");
    }
    assert!(!is_there(&one, "old").await && is_there(&other, "old").await);
    assert_eq!(setting.count("uploads WHERE original_removed_at IS NOT NULL AND file_name = 'old'").await, 1);
}
