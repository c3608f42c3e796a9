//! Attempts to climb the tenant wall, with none of the application's own checks in the way: raw connections as the
//! application and as the reader, whatever SQL an attacker could get in.

use data::{Database, DatabaseSettings, WallKey};
use domain::OrgId;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _};
use testkit::{Seeded, TestDatabase};

/// Two tenants; `victim` is never entered.
struct Tenants {
    database: TestDatabase,
    own: Seeded,
    victim: Seeded,
}

impl Tenants {
    async fn new() -> Self {
        let database = TestDatabase::new().await;
        let (own, victim) = (database.seed("own").await, database.seed("victim").await);
        Self { database, own, victim }
    }

    async fn raw(&self) -> PgConnection {
        PgConnection::connect(&self.database.app_url()).await.unwrap()
    }

    /// The setting as the application makes it in a transaction of `connection`.
    async fn steal_setting(&self, org: OrgId) -> String {
        let mut tenant = self.database.app().system(org).await.unwrap();
        sqlx::query_scalar("SELECT current_setting('app.tenant')").fetch_one(&mut *tenant).await.unwrap()
    }
}

async fn slugs(connection: &mut PgConnection) -> Vec<String> {
    sqlx::query_scalar("SELECT slug FROM organizations ORDER BY slug").fetch_all(connection).await.unwrap()
}

async fn run(connection: &mut PgConnection, statement: &str) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(connection).await.map(drop)
}

#[tokio::test]
async fn a_tenant_sees_and_writes_its_own_rows_only() {
    let tenants = Tenants::new().await;
    let mut tenant = tenants.database.app().system(tenants.own.org).await.unwrap();
    assert_eq!(slugs(&mut tenant).await, ["own"]);
    let moved = sqlx::query("UPDATE users SET role = 'viewer' WHERE org_id = $1")
        .bind(tenants.victim.org.0)
        .execute(&mut *tenant)
        .await
        .unwrap();
    assert_eq!(moved.rows_affected(), 0);
    let planted = sqlx::query(
        "INSERT INTO users (id, org_id, email, password_hash, role) VALUES ($1, $2, 'x@x.example', 'x', 'owner')",
    )
    .bind(uuid::Uuid::now_v7())
    .bind(tenants.victim.org.0)
    .execute(&mut *tenant)
    .await;
    assert!(planted.unwrap_err().to_string().contains("row-level security"));
}

#[tokio::test]
async fn without_a_setting_there_are_no_rows() {
    let tenants = Tenants::new().await;
    let mut raw = tenants.raw().await;
    assert!(slugs(&mut raw).await.is_empty());
    assert!(
        run(&mut raw, "INSERT INTO organizations (id, slug, name) VALUES (uuidv7(), 'new', 'New')")
            .await
            .is_err()
    );
}

#[tokio::test]
async fn a_setting_made_inside_a_query_does_not_open_another_tenant() {
    let tenants = Tenants::new().await;
    let victim = tenants.victim.org;
    for forged in [
        victim.to_string(),
        format!("{victim}|{}|{}|{}", 1, 1, "00".repeat(32)),
        "|||".to_owned(),
        "not even that".to_owned(),
    ] {
        let mut tenant = tenants.database.app().system(tenants.own.org).await.unwrap();
        let seen: Vec<String> = sqlx::query_scalar(
            "WITH climb AS MATERIALIZED (SELECT set_config('app.tenant', $1, true), set_config('app.org', $2, true))
             SELECT slug FROM climb, organizations",
        )
        .bind(&forged)
        .bind(victim.to_string())
        .fetch_all(&mut *tenant)
        .await
        .unwrap();
        assert!(!seen.contains(&"victim".to_owned()), "{forged}");
        assert!(slugs(&mut tenant).await.is_empty(), "the forged setting is worth nothing: {forged}");
    }
}

#[tokio::test]
async fn a_forged_signature_over_the_right_claim_is_worth_nothing() {
    let tenants = Tenants::new().await;
    let settings = DatabaseSettings {
        wall_key: WallKey::from_hex(&"ab".repeat(32)).unwrap(),
        ..tenants.database.settings()
    };
    let other_key = Database::connect(&settings).unwrap();
    let mut tenant = other_key.system(tenants.victim.org).await.unwrap();
    assert!(slugs(&mut tenant).await.is_empty());
}

#[tokio::test]
async fn a_valid_signature_is_worth_nothing_in_another_transaction_or_on_another_connection() {
    let tenants = Tenants::new().await;
    let stolen = tenants.steal_setting(tenants.victim.org).await;
    let mut raw = tenants.raw().await;
    let replay = format!("SELECT set_config('app.tenant', '{stolen}', false)");
    run(&mut raw, &replay).await.unwrap();
    assert!(slugs(&mut raw).await.is_empty(), "another connection");

    // The same backend, a later transaction.
    let mut first = raw.begin().await.unwrap();
    let (pid, nonce): (i32, String) = sqlx::query_as("SELECT pg_backend_pid(), wall.transaction_nonce()")
        .fetch_one(&mut *first)
        .await
        .unwrap();
    let valid = signed(tenants.victim.org, pid, &nonce);
    sqlx::query("SELECT set_config('app.tenant', $1, false)")
        .bind(&valid)
        .execute(&mut *first)
        .await
        .unwrap();
    assert_eq!(slugs(&mut first).await, ["victim"], "valid where it was made");
    first.commit().await.unwrap();
    assert!(
        slugs(&mut raw).await.is_empty(),
        "the same setting, left at session level, in the next transaction"
    );
}

/// Signs with the key of the test databases, as `data` does.
fn signed(org: OrgId, pid: i32, nonce: &str) -> String {
    use hmac::{Hmac, KeyInit as _, Mac as _};
    let claim = format!("{org}||{pid}|{nonce}");
    let key: Vec<u8> =
        (0..32).map(|n| u8::from_str_radix(&testkit::WALL_KEY[2 * n..2 * n + 2], 16).unwrap()).collect();
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(&key).unwrap();
    mac.update(claim.as_bytes());
    let hex: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{claim}|{hex}")
}

#[tokio::test]
async fn a_pooled_connection_that_was_poisoned_shows_the_next_user_no_other_tenant() {
    let tenants = Tenants::new().await;
    for poison in [
        format!("SET app.tenant = '{}'", tenants.victim.org),
        "SET row_security = off".to_owned(),
        "SET search_path = pg_temp, public".to_owned(),
        "CREATE TEMP VIEW organizations AS SELECT * FROM public.organizations".to_owned(),
        "CREATE FUNCTION pg_temp.current_org() RETURNS uuid LANGUAGE sql AS 'SELECT NULL::uuid'".to_owned(),
    ] {
        let mut connection = tenants.database.app().service().await.unwrap();
        run(&mut connection, &poison).await.unwrap();
        drop(connection);
        // Both connections of the pool, whichever was poisoned.
        let mut one = tenants.database.app().system(tenants.own.org).await.unwrap();
        let mut two = tenants.database.app().system(tenants.own.org).await.unwrap();
        for tenant in [&mut one, &mut two] {
            let seen: Result<Vec<String>, _> =
                sqlx::query_scalar("SELECT slug FROM public.organizations").fetch_all(&mut **tenant).await;
            // `row_security = off` makes the query an error, which is fine: nothing is shown.
            assert!(seen.map_or(true, |seen| seen == ["own"]), "{poison}");
        }
    }
}

#[tokio::test]
async fn no_login_role_becomes_another_role() {
    let tenants = Tenants::new().await;
    for url in [tenants.database.app_url(), tenants.database.reader_url()] {
        let mut raw = PgConnection::connect(&url).await.unwrap();
        for statement in [
            "SET ROLE shelfline_service",
            "SET ROLE postgres",
            "SELECT set_config('role', 'shelfline_service', true)",
            "WITH climb AS MATERIALIZED (SELECT set_config('role', 'shelfline_service', true)) SELECT * FROM climb",
            "SET SESSION AUTHORIZATION shelfline_service",
            "ALTER ROLE CURRENT_USER BYPASSRLS",
            "ALTER TABLE organizations DISABLE ROW LEVEL SECURITY",
            "ALTER TABLE organizations NO FORCE ROW LEVEL SECURITY",
            "DROP POLICY tenant ON organizations",
            "CREATE POLICY open ON organizations USING (true)",
            "CREATE TABLE public.mine (id integer)",
            "CREATE FUNCTION service.mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
            "CALL wall.protect('organizations')",
            "TRUNCATE organizations",
            "COPY organizations TO PROGRAM 'cat'",
            "SELECT pg_read_file('/etc/passwd')",
        ] {
            assert!(run(&mut raw, statement).await.is_err(), "{statement}");
        }
        // Going back is allowed and leads nowhere.
        for statement in ["RESET ROLE", "RESET SESSION AUTHORIZATION", "RESET ALL", "DISCARD ALL"] {
            run(&mut raw, statement).await.unwrap();
        }
        let user: String = sqlx::query_scalar("SELECT current_user::text").fetch_one(&mut raw).await.unwrap();
        assert!(url.contains(&user), "{user}");
    }
}

#[tokio::test]
async fn no_login_role_reads_the_key_or_the_reader_any_table() {
    let tenants = Tenants::new().await;
    let mut app = tenants.raw().await;
    assert!(run(&mut app, "SELECT * FROM wall.keys").await.is_err());
    let mut reader = PgConnection::connect(&tenants.database.reader_url()).await.unwrap();
    for statement in [
        "SELECT * FROM wall.keys",
        "SELECT * FROM organizations",
        "SELECT * FROM public.sales",
        "SELECT service.find_org_by_slug('victim')",
        "SET default_transaction_read_only = off; CREATE TEMP TABLE mine (id integer)",
    ] {
        assert!(run(&mut reader, statement).await.is_err(), "{statement}");
    }
}

#[tokio::test]
async fn roles_own_nothing_and_every_tenant_table_is_forced_behind_a_policy() {
    let tenants = Tenants::new().await;
    let admin = tenants.database.admin();
    let powers: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM pg_roles
         WHERE rolname LIKE 'shelfline\\_%' AND rolname <> 'shelfline_admin'
             AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)",
    )
    .fetch_one(admin)
    .await
    .unwrap();
    assert_eq!(powers, 0);
    let owned: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM pg_class WHERE relowner IN
             (SELECT oid FROM pg_roles WHERE rolname IN ('shelfline_app', 'shelfline_reader', 'shelfline_service'))",
    )
    .fetch_one(admin)
    .await
    .unwrap();
    assert_eq!(owned, 0);
    let members: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member
         WHERE r.rolname IN ('shelfline_app', 'shelfline_reader', 'shelfline_service')",
    )
    .fetch_one(admin)
    .await
    .unwrap();
    assert_eq!(members, 0);
    let tables = sqlx::query(
        "SELECT c.relname::text AS name, c.relrowsecurity AND c.relforcerowsecurity AS forced,
             (SELECT array_agg(p.polname || ':' || pg_get_expr(p.polqual, p.polrelid)) FROM pg_policy p
              WHERE p.polrelid = c.oid AND p.polname = 'tenant') AS policies
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
             AND (c.relname = 'organizations' OR EXISTS (
                 SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'org_id' AND NOT a.attisdropped))",
    )
    .fetch_all(admin)
    .await
    .unwrap();
    assert!(tables.len() > 10);
    for table in tables {
        let name: String = table.get("name");
        assert!(table.get::<bool, _>("forced"), "{name}");
        let policies: Vec<String> = table.get::<Option<Vec<String>>, _>("policies").unwrap_or_default();
        assert!(policies.len() == 1 && policies[0].contains("current_org"), "{name}: {policies:?}");
    }
    let open: Vec<String> = sqlx::query_scalar(
        "SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
         WHERE n.nspname IN ('service', 'wall') AND p.prosecdef
             AND (has_function_privilege('public', p.oid, 'EXECUTE') OR p.proconfig IS NULL)",
    )
    .fetch_all(admin)
    .await
    .unwrap();
    assert!(open.is_empty(), "open to everybody or without a fixed search_path: {open:?}");
}
