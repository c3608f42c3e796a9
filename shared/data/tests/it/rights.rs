//! What the database itself lets a caller see and change, with none of the application's checks in the way.

use data::{Caller, Tenant};
use domain::UserId;
use sqlx::AssertSqlSafe;
use testkit::{Seeded, TestDatabase};
use uuid::Uuid;

/// Two vendors in two stores, an order with its costs, and a mail.
const FIGURES: &str = "
    INSERT INTO uploads (id, org_id, file_name, size_bytes, source, object_key, stated_at, vendor) VALUES
        ('00000000-0000-7000-8000-000000000001', '{org}', 'b.xlsx', 1, 'api', 'b', now(), 'boxnox'),
        ('00000000-0000-7000-8000-000000000002', '{org}', 'l.xlsx', 1, 'api', 'l', now(), 'liberty');
    INSERT INTO upload_rejects (org_id, upload_id, position, row, code, message) VALUES
        ('{org}', '00000000-0000-7000-8000-000000000001', 1, 1, 'x', 'x'),
        ('{org}', '00000000-0000-7000-8000-000000000002', 1, 1, 'x', 'x');
    INSERT INTO sellout_entries (org_id, upload_id, vendor, cut, period_start, period_end, store, country, quantity,
        currency, vat_included, line_class, source_row, key_hash, content_hash, active)
    SELECT '{org}', '00000000-0000-7000-8000-000000000001', vendor, 'main', '2026-01-01', '2026-01-31', store, country,
        1, 'EUR', true, 'sale', 1, '', '', true
    FROM (VALUES ('boxnox', 'Warsaw', 'PL'), ('boxnox', 'Berlin', 'DE'), ('liberty', 'London', 'GB')) AS f (vendor, store, country);
    INSERT INTO sales_rollup SELECT '{org}', vendor, period_end, store, NULL, NULL, currency, country, line_class,
        1, 1, 1, 0, 0, 0, 0, 0, 'retail' FROM sellout_entries WHERE org_id = '{org}';
    INSERT INTO ecommerce_orders (id, org_id, upload_id, vendor, line_key, order_id, period_start, period_end, country,
        currency, vat_included, line_class, is_gift, source_row, key_hash, content_hash, active)
    VALUES ('00000000-0000-7000-8000-000000000009', '{org}', '00000000-0000-7000-8000-000000000001', 'webshop', 'k', 'o',
        '2026-01-01', '2026-01-31', 'DE', 'EUR', true, 'sale', false, 1, '', '', true);
    INSERT INTO ecommerce_costs (org_id, id, cost_of_goods) VALUES ('{org}', '00000000-0000-7000-8000-000000000009', 4.2);";

struct World {
    database: TestDatabase,
    seeded: Seeded,
}

impl World {
    async fn new() -> Self {
        let database = TestDatabase::new().await;
        let seeded = database.seed("aveline").await;
        let world = Self { database, seeded };
        world.admin(&FIGURES.replace("{org}", &world.seeded.org.to_string())).await;
        world
    }

    async fn admin(&self, statement: &str) {
        sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(self.database.admin()).await.unwrap();
    }

    async fn user(&self, role: &str) -> UserId {
        self.database.principal(self.seeded.org, role).await.user_id
    }

    async fn policy(&self, columns: &str, values: &str) {
        let org = self.seeded.org;
        self.admin(&format!(
            "INSERT INTO policies (org_id, name, {columns}) VALUES ('{org}', 'p', {values})"
        ))
        .await;
    }

    async fn act(&self, subject: Uuid) -> Tenant {
        self.database.app().tenant(Caller { org: self.seeded.org, subject }).await.unwrap()
    }

    /// One number as this subject sees it.
    async fn count(&self, subject: Uuid, query: &str) -> i64 {
        let mut tenant = self.act(subject).await;
        sqlx::query_scalar(AssertSqlSafe(query.to_owned())).fetch_one(&mut *tenant).await.unwrap()
    }

    async fn rights(&self, subject: Uuid) -> Vec<String> {
        data::users::rights(&mut self.act(subject).await).await.unwrap()
    }
}

/// What a limited subject must not see in any of these: (table, what names the vendor, store and country of a row).
async fn seen(tenant: &mut Tenant, table: &str) -> Vec<String> {
    let query = format!("SELECT vendor || coalesce(' ' || store, '') FROM {table} ORDER BY 1");
    sqlx::query_scalar(AssertSqlSafe(query)).fetch_all(&mut **tenant).await.unwrap()
}

#[tokio::test]
async fn every_table_with_an_organisation_is_behind_the_wall_and_asks_for_rights() {
    let database = TestDatabase::new().await;
    // Never queried by callers: sign-in runs as the system. Whoever adds a table here must say why.
    let open: [&str; 0] = [];
    let bare: Vec<String> = sqlx::query_scalar(
        "SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
         WHERE c.relkind IN ('r', 'p')
             AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'org_id' AND NOT a.attisdropped)
             AND NOT (c.relrowsecurity AND c.relforcerowsecurity
                 AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'tenant' AND p.polpermissive)
                 AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND NOT p.polpermissive))
         ORDER BY 1",
    )
    .fetch_all(database.admin())
    .await
    .unwrap();
    assert_eq!(bare, open);
    let risky: Vec<String> = sqlx::query_scalar(
        "SELECT rolname::text FROM pg_roles WHERE rolname LIKE 'shelfline\\_%'
             AND rolname <> 'shelfline_admin' AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)
         UNION ALL
         SELECT c.relname::text FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner
         WHERE r.rolname IN ('shelfline_app', 'shelfline_reader', 'shelfline_service')",
    )
    .fetch_all(database.admin())
    .await
    .unwrap();
    assert!(risky.is_empty(), "{risky:?}");
}

#[tokio::test]
async fn nobody_without_rights_reads_or_changes_a_row_of_sales() {
    let world = World::new().await;
    let stranger = Uuid::now_v7();
    let disabled = world.user("admin").await;
    world.admin(&format!("UPDATE users SET disabled_at = now() WHERE id = '{disabled}'")).await;
    assert_eq!(world.count(stranger, "SELECT count(*) FROM users").await, 0);
    for subject in [stranger, disabled.0] {
        assert!(world.rights(subject).await.is_empty());
        for table in [
            "sellout_entries",
            "ecommerce_orders",
            "ecommerce_costs",
            "sales_rollup",
            "sales_levels",
            "sales",
            "uploads",
        ] {
            assert_eq!(world.count(subject, &format!("SELECT count(*) FROM {table}")).await, 0, "{table}");
        }
    }
}

#[tokio::test]
async fn a_viewer_reads_and_changes_nothing() {
    let world = World::new().await;
    let viewer = world.user("viewer").await.0;
    assert_eq!(world.count(viewer, "SELECT count(*) FROM sales").await, 4);
    assert_eq!(world.count(viewer, "SELECT count(*) FROM ecommerce_costs").await, 0, "costs:read is missing");
    let analyst = world.user("analyst").await.0;
    assert_eq!(world.count(analyst, "SELECT count(*) FROM ecommerce_costs").await, 1);
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT table_name::text FROM information_schema.columns
         WHERE table_schema = 'public' AND column_name = 'org_id' AND table_name NOT IN
             (SELECT table_name FROM information_schema.views WHERE table_schema = 'public')
             AND table_name <> 'idempotency_keys' ORDER BY 1",
    )
    .fetch_all(world.database.admin())
    .await
    .unwrap();
    assert!(tables.len() > 20, "{tables:?}");
    for table in tables {
        for statement in [format!("UPDATE {table} SET org_id = org_id"), format!("DELETE FROM {table}")] {
            let mut tenant = world.act(viewer).await;
            match sqlx::query(AssertSqlSafe(statement.clone())).execute(&mut *tenant).await {
                Ok(done) => assert_eq!(done.rows_affected(), 0, "{statement}"),
                Err(error) => {
                    assert!(error.to_string().contains("permission denied"), "{statement}: {error}")
                }
            }
        }
    }
}

#[tokio::test]
async fn a_limited_user_sees_the_rows_of_their_rules_everywhere_and_changes_nothing() {
    let world = World::new().await;
    for (columns, values, entries, uploads) in [
        ("vendors", "'{boxnox}'", vec!["boxnox Berlin", "boxnox Warsaw"], 1),
        ("stores", "'{Berlin,London}'", vec!["boxnox Berlin", "liberty London"], 0),
        ("countries", "'{PL}'", vec!["boxnox Warsaw"], 0),
        ("vendors, countries", "'{boxnox}', '{DE,GB}'", vec!["boxnox Berlin"], 0),
        ("vendors", "'{nobody}'", vec![], 0),
    ] {
        let user = world.user("admin").await.0;
        world.policy(&format!("user_id, {columns}"), &format!("'{user}', {values}")).await;
        let mut tenant = world.act(user).await;
        for table in ["sellout_entries", "sales_rollup"] {
            assert_eq!(seen(&mut tenant, table).await, entries, "{table} by {columns} {values}");
        }
        for table in ["uploads", "upload_rejects"] {
            assert_eq!(
                world.count(user, &format!("SELECT count(*) FROM {table}")).await,
                uploads,
                "{table} by {columns}"
            );
        }
        let rights = world.rights(user).await;
        assert!(!rights.is_empty() && rights.iter().all(|right| right.ends_with(":read")), "{rights:?}");
        assert_eq!(world.count(user, "SELECT count(*) FROM ecommerce_costs").await, 0);
    }
}

#[tokio::test]
async fn of_several_rules_about_rows_one_suffices_and_those_of_the_role_count_too() {
    let world = World::new().await;
    let user = world.user("viewer").await.0;
    world.policy("user_id, stores", &format!("'{user}', '{{Warsaw}}'")).await;
    world.policy("role, vendors", "'viewer', '{liberty}'").await;
    assert_eq!(
        seen(&mut world.act(user).await, "sellout_entries").await,
        ["boxnox Warsaw", "liberty London"]
    );
    // The owner cannot be limited.
    let owner = world.seeded.owner.0;
    world.policy("user_id, stores", &format!("'{owner}', '{{Warsaw}}'")).await;
    assert_eq!(seen(&mut world.act(owner).await, "sellout_entries").await.len(), 3);
}

#[tokio::test]
async fn permissions_are_added_and_taken_by_policies_and_a_denial_wins() {
    let world = World::new().await;
    let user = world.user("viewer").await.0;
    assert_eq!(
        world.rights(user).await,
        ["analytics:read", "reports:read", "sales:read", "uploads:read", "vendors:read"]
    );
    world.policy("user_id, effect, permission", &format!("'{user}', 'allow', 'costs:read'")).await;
    world.policy("role, effect, permission", "'viewer', 'deny', 'sales:read'").await;
    world.policy("user_id, effect, permission", &format!("'{user}', 'allow', 'sales:read'")).await;
    assert_eq!(
        world.rights(user).await,
        ["analytics:read", "costs:read", "reports:read", "uploads:read", "vendors:read"]
    );
    assert_eq!(world.count(user, "SELECT count(*) FROM ecommerce_costs").await, 1);
}

#[tokio::test]
async fn nobody_gives_away_or_touches_what_is_above_them() {
    let world = World::new().await;
    let org = world.seeded.org;
    world
        .admin(&format!(
            "INSERT INTO roles (org_id, name, permissions) VALUES ('{org}', 'clerk', '{{users:manage,roles:manage,keys:manage,sales:read}}')"
        ))
        .await;
    let clerk = world.user("clerk").await.0;
    let (admin, owner) = (world.user("admin").await, world.seeded.owner);
    let viewer = world.user("viewer").await;
    for (statement, changed) in [
        (format!("UPDATE users SET role = 'admin' WHERE id = '{clerk}'"), None),
        (format!("UPDATE users SET full_name = 'x' WHERE id IN ('{admin}', '{owner}', '{viewer}')"), Some(0)),
        (format!("DELETE FROM users WHERE id IN ('{admin}', '{owner}')"), Some(0)),
        ("UPDATE roles SET permissions = '{uploads:write}' WHERE name = 'clerk'".to_owned(), None),
        (format!("INSERT INTO roles (org_id, name, permissions) VALUES ('{org}', 'boss', '{{uploads:write}}')"), None),
        (format!("INSERT INTO roles (org_id, name, permissions) VALUES ('{org}', 'mate', '{{sales:read}}')"), Some(1)),
        (
            format!("INSERT INTO policies (org_id, name, role, effect, permission) VALUES ('{org}', 'p', 'clerk', 'allow', 'costs:read')"),
            None,
        ),
        (
            format!(
                "INSERT INTO api_keys (id, org_id, name, prefix, secret_hash, scopes, created_by, expires_at)
                 VALUES (uuidv7(), '{org}', 'k', 'slk_aaaaaaaaaaaa', sha256('x'), '{{uploads:write}}', '{clerk}', now())"
            ),
            None,
        ),
    ] {
        let mut tenant = world.act(clerk).await;
        let done = sqlx::query(AssertSqlSafe(statement.clone())).execute(&mut *tenant).await;
        match changed {
            Some(rows) => assert_eq!(done.unwrap().rows_affected(), rows, "{statement}"),
            None => assert!(done.unwrap_err().to_string().contains("row-level security"), "{statement}"),
        }
    }
    let mut tenant = world.act(admin.0).await;
    let lifted = sqlx::query("UPDATE users SET role = 'owner' WHERE id = $1")
        .bind(admin.0)
        .execute(&mut *tenant)
        .await;
    assert!(lifted.unwrap_err().to_string().contains("row-level security"), "an admin makes no owner");
}
