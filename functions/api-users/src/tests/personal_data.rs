//! What is kept about a person, and its end.

use domain::{OrgId, UserId};
use serde_json::json;

use super::*;

/// Ana everywhere: identity, session, mails to her and by her, a key, a policy, an answer that shows her, and among the readers of others'
/// schedules, reports and alerts.
const TRACES: &str = "
    UPDATE users SET full_name = 'Ana Traceable' WHERE email = 'ana@aveline.example';
    INSERT INTO identities (id, org_id, user_id, provider, issuer, subject, email)
        SELECT gen_random_uuid(), org_id, id, 'idp', 'https://idp.example', 'ana-subject', email FROM users WHERE email LIKE 'ana@%';
    INSERT INTO sessions (id, org_id, user_id, ip, user_agent)
        SELECT gen_random_uuid(), org_id, id, '192.0.2.77', 'Ana Browser' FROM users WHERE email LIKE 'ana@%';
    INSERT INTO email_logs (id, org_id, type, recipient, payload, subject, status, sent_at)
        SELECT gen_random_uuid(), org_id, 'upload_completed', email, '{}', 'For Ana Traceable', 'sent', now() FROM users WHERE email LIKE 'ana@%';
    INSERT INTO email_logs (id, org_id, type, recipient, payload)
        SELECT gen_random_uuid(), org_id, 'password_reset', email, jsonb_build_object('user_id', id) FROM users WHERE email LIKE 'ana@%';
    INSERT INTO email_events (org_id, email_id, what, happened_at, detail)
        SELECT org_id, id, 'bounced', now(), '550 no ' || recipient FROM email_logs WHERE recipient LIKE 'ana@%';
    INSERT INTO suppressed_addresses (org_id, address, reason, detail)
        SELECT org_id, email, 'bounce', '550 no ' || email FROM users WHERE email LIKE 'ana@%';
    INSERT INTO mail_choices (org_id, address, type, choice)
        SELECT org_id, email, 'report_ready', 'off' FROM users WHERE email LIKE 'ana@%';
    INSERT INTO email_logs (id, org_id, type, recipient, payload)
        SELECT gen_random_uuid(), org_id, 'invitation', 'bea@other.example', jsonb_build_object('invited_by', full_name) FROM users WHERE email LIKE 'ana@%';
    INSERT INTO api_keys (id, org_id, name, prefix, secret_hash, scopes, created_by, expires_at)
        SELECT gen_random_uuid(), org_id, 'key of Ana Traceable', 'slk_aaaaaaaaaaaa', sha256('x'), '{sales:read}', id, now() + interval '1 day'
        FROM users WHERE email LIKE 'ana@%';
    INSERT INTO policies (org_id, name, user_id, vendors) SELECT org_id, 'rows of Ana Traceable', id, '{liberty}' FROM users WHERE email LIKE 'ana@%';
    INSERT INTO idempotency_keys (org_id, route, key, body_hash, status, response)
        SELECT org_id, 'POST /v1/users', 'k', sha256('x'), 201, jsonb_build_object('id', id, 'email', email) FROM users WHERE email LIKE 'ana@%';
    INSERT INTO report_schedules (id, org_id, owner, name, kind, format, locale, scope, cadence, period, recipients, catch_up)
        SELECT gen_random_uuid(), a.org_id, o.id, 'Monday', 'sales_summary', 'pdf', 'en', '{}', '{}', 'today',
            jsonb_build_array(jsonb_build_object('address', a.email), jsonb_build_object('address', 'buyer@liberty.example')), 'skip'
        FROM users a JOIN users o ON o.org_id = a.org_id AND o.role = 'owner' WHERE a.email LIKE 'ana@%';
    INSERT INTO reports (id, org_id, requested_by, on_behalf_of, kind, format, locale, first_day, last_day, scope, recipients)
        SELECT gen_random_uuid(), a.org_id, o.id, o.id, 'sales_summary', 'pdf', 'en', '2026-01-01', '2026-01-31', '{}',
            ARRAY[a.email, 'buyer@liberty.example']
        FROM users a JOIN users o ON o.org_id = a.org_id AND o.role = 'owner' WHERE a.email LIKE 'ana@%';
    INSERT INTO alerts (id, org_id, owner, name, rule, repeat, recipients, since)
        SELECT gen_random_uuid(), a.org_id, o.id, 'Low', '{}', 'once', ARRAY[a.id, o.id], '2026-01-01'
        FROM users a JOIN users o ON o.org_id = a.org_id AND o.role = 'owner' WHERE a.email LIKE 'ana@%';";

impl Setting {
    async fn trace(&self) {
        sqlx::raw_sql(TRACES).execute(self.database.admin()).await.unwrap();
    }

    /// Tables in which one of these words still stands.
    async fn found(&self, words: &[&str]) -> Vec<String> {
        let tables: Vec<String> = sqlx::query_scalar(
            "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY 1",
        )
        .fetch_all(self.database.admin())
        .await
        .unwrap();
        let mut found = Vec::new();
        for table in tables {
            let query = format!("SELECT count(*) FROM {table} t WHERE t::text ILIKE ANY ($1)");
            let like: Vec<String> = words.iter().map(|word| format!("%{word}%")).collect();
            let count: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(query))
                .bind(like)
                .fetch_one(self.database.admin())
                .await
                .unwrap();
            if count > 0 {
                found.push(table);
            }
        }
        found
    }
}

#[tokio::test]
async fn everything_about_a_person_is_exported_and_no_secret() {
    let setting = Setting::new().await;
    let ana = setting.user("ana", "analyst").await;
    setting.trace().await;
    for by in [&setting.owner, &ana] {
        let exported = setting.export(by, ana.user_id).await;
        assert_eq!(exported.status, 200);
        assert!(exported.header("content-disposition").unwrap().ends_with(".json\""));
        let all = exported.json();
        assert_eq!(
            (&all["user"]["email"], &all["user"]["has_password"]),
            (&json!("ana@aveline.example"), &json!(true))
        );
        for (list, length) in [
            ("identities", 1),
            ("sessions", 1),
            ("emails", 2),
            ("api_keys", 1),
            ("policies", 1),
            ("uploads", 0),
        ] {
            assert_eq!(all[list].as_array().unwrap().len(), length, "{list}");
        }
        let text = all.to_string();
        assert!(
            !text.contains("password_hash") && !text.contains("secret_hash") && !text.contains("none"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn who_manages_no_users_exports_nobody_else_and_a_stranger_nobody() {
    let setting = Setting::new().await;
    let (ana, bea) = (setting.user("ana", "analyst").await, setting.user("bea", "viewer").await);
    assert_eq!(setting.export(&bea, ana.user_id).await.status, 404);
    assert_eq!(setting.export(&setting.owner, UserId::new()).await.status, 404);
    let elsewhere = setting.database.seed("boxwood").await.principal();
    assert_eq!(setting.export(&elsewhere, ana.user_id).await.status, 404);
    assert_eq!(setting.erase(&elsewhere, ana.user_id).await.status, 404);
    assert_eq!(setting.erase(&bea, ana.user_id).await.status, 403);
    assert_ne!(elsewhere.org_id, OrgId::new());
}

#[tokio::test]
async fn an_erased_person_is_found_nowhere_and_the_second_time_changes_nothing() {
    let setting = Setting::new().await;
    let ana = setting.user("ana", "analyst").await;
    setting.trace().await;
    let words = ["ana@aveline", "Ana Traceable", "Ana Browser", "192.0.2.77", "ana-subject"];
    let before = setting.found(&words).await;
    assert!(before.len() >= 6, "{before:?}");
    for _ in 0..2 {
        assert_eq!(setting.erase(&setting.owner, ana.user_id).await.status, 204);
        assert!(setting.found(&words).await.is_empty(), "{:?}", setting.found(&words).await);
    }
    assert_eq!(
        setting.count("SELECT count(*) FROM users WHERE removed_at IS NOT NULL").await,
        1,
        "the id stays"
    );
    assert_eq!(setting.count("SELECT count(*) FROM api_keys WHERE revoked_at IS NOT NULL").await, 1);
    for (what, query) in [
        ("schedule", "SELECT jsonb_array_length(recipients)::bigint FROM report_schedules"),
        ("report", "SELECT cardinality(recipients)::bigint FROM reports"),
        ("alert", "SELECT cardinality(recipients)::bigint FROM alerts"),
    ] {
        assert_eq!(setting.count(query).await, 1, "the other reader of the {what} stays");
    }
    assert_eq!(
        setting.count("SELECT count(*) FROM email_logs WHERE status = 'queued'").await,
        1,
        "Bea's, without a name"
    );
}

#[tokio::test]
async fn a_removed_person_can_still_be_erased_and_the_last_owner_and_oneself_cannot() {
    let setting = Setting::new().await;
    let ana = setting.user("ana", "analyst").await;
    setting.trace().await;
    assert_eq!(setting.remove(&setting.owner, ana.user_id).await.status, 204);
    assert_eq!(setting.erase(&setting.owner, ana.user_id).await.status, 204);
    assert_eq!(setting.count("SELECT count(*) FROM sessions WHERE ip = '192.0.2.77'").await, 0);
    let admin = setting.user("admin", "admin").await;
    assert_eq!(setting.erase(&admin, setting.owner.user_id).await.status, 403);
    assert_eq!(setting.erase(&admin, admin.user_id).await.json()["code"], "own_account");
    assert_eq!(setting.erase(&setting.owner, setting.owner.user_id).await.json()["code"], "last_owner");
}

#[tokio::test]
async fn the_example_events_are_answered() {
    let setting = Setting::new().await;
    for (name, status) in [("users-export/user", 404), ("users-erase/user", 403)] {
        let response = if name.starts_with("users-export") {
            answer(&setting.ctx, export::handle, event(name)).await
        } else {
            answer(&setting.ctx, erase::handle, event(name)).await
        };
        assert_eq!(response.status, status, "{name}");
    }
}
