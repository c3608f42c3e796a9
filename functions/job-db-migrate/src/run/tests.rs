use data::{Database, DatabaseSettings, WallKey};
use domain::OrgId;
use serde_json::from_value;
use sqlx::{Connection as _, PgConnection};
use testkit::TestDatabase;

use super::*;
use crate::{AdminSecret, TokenKey, TokenSecret};

const OTHER_KEY: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

/// A database of its own, migrated by an administrator who is no superuser. That of RDS may make the extension itself.
struct Server {
    /// Keeps the roles in place and gives an administrator's connection.
    database: TestDatabase,
    name: String,
    context: Context,
}

impl Server {
    async fn new() -> Self {
        let database = TestDatabase::new().await;
        let name = format!("migrated_{}", OrgId::new().0.simple());
        for statement in [
            format!("CREATE ROLE {name} LOGIN CREATEROLE PASSWORD 'secret'"),
            format!(
                "GRANT shelfline_app, shelfline_reader, shelfline_service, shelfline_reporting TO {name} WITH ADMIN OPTION"
            ),
            format!("CREATE DATABASE {name} OWNER {name}"),
        ] {
            execute(&database, statement).await;
        }
        let settings = database.settings();
        let admin_url = database.admin_url();
        let (server, _) = admin_url.rsplit_once('/').unwrap();
        let mut superuser = PgConnection::connect(&format!("{server}/{name}")).await.unwrap();
        sqlx::raw_sql("CREATE EXTENSION vector").execute(&mut superuser).await.unwrap();
        let (_, rest) = settings.url.split_once('@').unwrap();
        let host = rest.split('/').next().unwrap();
        let admin = AdminSecret {
            url: format!("postgres://{name}:secret@{host}/{name}"),
            app_password: testkit::PASSWORD.to_owned(),
            reader_password: testkit::PASSWORD.to_owned(),
            wall_key: WallKey::from_hex(OTHER_KEY).unwrap(),
        };
        let token = TokenSecret { signing: key("k1", 7), next: None, retired: Vec::new() };
        Self { database, name, context: Context { admin, token } }
    }

    async fn end(self) {
        execute(&self.database, format!("DROP DATABASE {} WITH (FORCE)", self.name)).await;
        execute(&self.database, format!("DROP ROLE {}", self.name)).await;
    }
}

fn key(kid: &str, seed: u8) -> TokenKey {
    TokenKey { kid: kid.to_owned(), ed25519_seed: STANDARD.encode([seed; 32]) }
}

async fn execute(database: &TestDatabase, statement: String) {
    sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(database.admin()).await.unwrap();
}

#[tokio::test]
async fn an_administrator_without_superuser_rights_migrates_an_empty_database_and_doing_it_again_changes_nothing()
 {
    let server = Server::new().await;
    let invoke = || from_value::<Invocation>(testkit::event("db-migrate/invoke")).unwrap();
    let first = run(&server.context, invoke()).await.unwrap();
    assert!(first.migrations > 3);
    assert_eq!(run(&server.context, invoke()).await.unwrap(), first);

    let mut admin = PgConnection::connect(&server.context.admin.url).await.unwrap();
    let keys: Vec<(String, Vec<u8>)> =
        sqlx::query_as("SELECT kid, public_key FROM signing_keys").fetch_all(&mut admin).await.unwrap();
    let public = SigningKey::from_bytes(&[7; 32]).verifying_key().to_bytes();
    assert_eq!(keys, [("k1".to_owned(), public.to_vec())]);
    admin.close().await.unwrap();

    // The application works with the key that was set, and with no other.
    let url = server.database.app_url();
    let url = format!("{}/{}", url.rsplit_once('/').unwrap().0, server.name);
    let count = async |key: &str| {
        let wall_key = WallKey::from_hex(key).unwrap();
        let app = Database::connect(&DatabaseSettings { url: url.clone(), wall_key }).unwrap();
        let org = OrgId::new();
        let mut tenant = app.system(org).await.unwrap();
        let inserted = sqlx::query("INSERT INTO organizations (id, slug, name) VALUES ($1, 'a' || $2, 'A')")
            .bind(org.0)
            .bind(org.0.simple().to_string())
            .execute(&mut *tenant)
            .await;
        inserted.is_ok()
    };
    assert!(count(OTHER_KEY).await);
    assert!(!count(&"ab".repeat(32)).await);
    server.end().await;
}

/// What the first version in use could write; every later migration has to bring it along.
const FIRST_VERSION: i64 = 20261121034500;
const WRITTEN_BY_THE_FIRST_VERSION: &str = "
    INSERT INTO organizations (id, slug, name) VALUES (md5('org')::uuid, 'org', 'Org');
    INSERT INTO products (org_id, ean, kind, active) VALUES (md5('org')::uuid, '4006381333931', 'regular', true);
    INSERT INTO product_aliases (org_id, vendor, alias, ean) VALUES
        (md5('org')::uuid, 'liberty', '000834429 | 98-NO  COLOUR Total', '4006381333931'),
        (md5('org')::uuid, 'liberty', '000834429 | 98-no colour', '4006381333931');
    INSERT INTO uploads (id, org_id, file_name, size_bytes, source, object_key, stated_at) VALUES
        ('00000000-0000-7000-8000-000000000001', md5('org')::uuid, 'a.csv', 1, 'api', 'a', '2026-02-01'),
        ('00000000-0000-7000-8000-000000000002', md5('org')::uuid, 'b.csv', 1, 'api', 'b', '2026-03-01');
    INSERT INTO sellout_entries (org_id, upload_id, vendor, cut, period_start, period_end, product_ean, quantity, currency,
            vat_included, line_class, source_row, key_hash, content_hash, active)
        SELECT md5('org')::uuid, upload, 'liberty', 'main', '2026-01-01', '2026-01-31', '4006381333931', quantity,
            'GBP', true, 'sale', 1, '', '', active
        FROM (VALUES ('00000000-0000-7000-8000-000000000001'::uuid, 3, false),
            ('00000000-0000-7000-8000-000000000002', 5, true)) AS t (upload, quantity, active);
    INSERT INTO reporting_periods (org_id, upload_id, vendor, cut, period_start, period_end, currency, rows_upload_id,
            stated_at, document_kind, content_hash, records, quantity, change, active)
        SELECT org_id, upload_id, vendor, cut, period_start, period_end, currency, upload_id, now(), 'snapshot', '', 1,
            quantity, 'new', active
        FROM sellout_entries;
    INSERT INTO ecommerce_orders (org_id, upload_id, vendor, line_key, order_id, period_start, period_end, product_ean,
            currency, vat_included, line_class, is_gift, source_row, key_hash, content_hash, active)
        VALUES (md5('org')::uuid, '00000000-0000-7000-8000-000000000001', 'online', '1', '1', '2026-01-01', '2026-01-01', '4006381333931',
            'EUR', true, 'sale', false, 1, '', '', true);
    INSERT INTO users (id, org_id, email, password_hash, role) VALUES (md5('u')::uuid, md5('org')::uuid, 'u@x.example', '-', 'owner');
    INSERT INTO refresh_tokens (org_id, user_id, family, token_hash, expires_at, rotated_at, revoked_at) VALUES
        (md5('org')::uuid, md5('u')::uuid, md5('live')::uuid, sha256('1'), now() + interval '1 day', now(), NULL),
        (md5('org')::uuid, md5('u')::uuid, md5('live')::uuid, sha256('2'), now() + interval '1 day', NULL, NULL),
        (md5('org')::uuid, md5('u')::uuid, md5('gone')::uuid, sha256('3'), now() + interval '1 day', NULL, now());";

/// The sums of sums, made of what was there before they were.
async fn check_levels(superuser: &mut PgConnection) {
    let levels: Vec<(i16, String, i64, i64)> = sqlx::query_as(
        "SELECT level, vendor, sum(records)::bigint, sum(orders)::bigint FROM sales_levels GROUP BY 1, 2 ORDER BY 1, 2",
    )
    .fetch_all(superuser)
    .await
    .unwrap();
    let level =
        |level| [(level, "liberty".to_owned(), 1, 0), (level, "online".to_owned(), 1, i64::from(level < 5))];
    assert_eq!(levels, (1..=5).flat_map(level).collect::<Vec<_>>());
}

#[tokio::test]
async fn an_upgrade_brings_along_what_the_first_version_wrote_although_the_wall_hides_rows_from_their_owner()
{
    let server = Server::new().await;
    let mut admin = installation::connect(&server.context.admin.url).await.unwrap();
    let first = data::MIGRATOR.iter().filter(|migration| migration.version <= FIRST_VERSION).cloned();
    sqlx::migrate::Migrator::with_migrations(first.collect())
        .run_direct(None, &mut admin, false)
        .await
        .unwrap();
    admin.close().await.unwrap();
    let mut superuser = PgConnection::connect_with(
        &server.database.admin().connect_options().as_ref().clone().database(&server.name),
    )
    .await
    .unwrap();
    sqlx::raw_sql(WRITTEN_BY_THE_FIRST_VERSION).execute(&mut superuser).await.unwrap();

    run(&server.context, Invocation {}).await.unwrap();

    let matched: Vec<Option<String>> = sqlx::query_scalar(
        "SELECT product_match FROM sellout_entries UNION ALL SELECT product_match FROM ecommerce_orders",
    )
    .fetch_all(&mut superuser)
    .await
    .unwrap();
    assert_eq!(matched, vec![Some("printed".to_owned()); 3]);
    // The corrected month has two versions, and the second one counts.
    let versions: Vec<(i32, i32, Option<i32>, bool)> = sqlx::query_as(
        "SELECT said.version, since_version, until_version, e.active
         FROM sellout_entries e JOIN reporting_periods said USING (upload_id) ORDER BY 1",
    )
    .fetch_all(&mut superuser)
    .await
    .unwrap();
    assert_eq!(versions, [(1, 1, Some(2), false), (2, 2, None, true)]);
    let sums: Vec<(String, i64, String)> = sqlx::query_as(
        "SELECT vendor, records, coalesce(quantity::text, 'none') FROM sales_daily ORDER BY vendor",
    )
    .fetch_all(&mut superuser)
    .await
    .unwrap();
    let sum = |vendor: &str, quantity: &str| (vendor.to_owned(), 1, quantity.to_owned());
    assert_eq!(sums, [sum("liberty", "5"), sum("online", "none")]);
    check_levels(&mut superuser).await;
    let aliases: Vec<(String, bool)> = sqlx::query_as(
        "SELECT alias_key, withdrawn_at IS NULL FROM product_aliases ORDER BY withdrawn_at IS NULL",
    )
    .fetch_all(&mut superuser)
    .await
    .unwrap();
    let key = "000834429 | 98-no colour".to_owned();
    assert_eq!(aliases, [(key.clone(), false), (key, true)]);
    // A family of refresh tokens is a session under the same id.
    let sessions: Vec<(bool, i64)> = sqlx::query_as(
        "SELECT s.ended_at IS NULL, count(*) FROM sessions s JOIN refresh_tokens t ON t.session_id = s.id
         GROUP BY s.id ORDER BY 1",
    )
    .fetch_all(&mut superuser)
    .await
    .unwrap();
    assert_eq!(sessions, [(false, 1), (true, 2)]);
    let open: Vec<String> = sqlx::query_scalar(
        "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relrowsecurity AND NOT relforcerowsecurity",
    )
    .fetch_all(&mut superuser)
    .await
    .unwrap();
    assert!(open.is_empty(), "the wall was not raised again: {open:?}");
    superuser.close().await.unwrap();
    server.end().await;
}

#[tokio::test]
async fn a_seed_that_is_not_32_bytes_stops_the_deployment() {
    let mut server = Server::new().await;
    server.context.token.signing.ed25519_seed = "c2hvcnQ=".to_owned();
    let error = run(&server.context, Invocation {}).await.unwrap_err();
    assert_eq!(error.to_string(), "the token secret's seed is not 32 bytes in base64");
    server.end().await;
}

/// The steps of docs/runbooks/rotate-token-key.md.
#[tokio::test]
async fn a_new_token_key_is_published_before_it_signs_and_the_old_one_stays_until_it_is_retired() {
    let mut server = Server::new().await;
    let published = async |context: &Context| -> Vec<String> {
        run(context, Invocation {}).await.unwrap();
        let mut admin = installation::connect(&context.admin.url).await.unwrap();
        let keys = signing_keys::list(&mut admin).await.unwrap();
        keys.into_iter().map(|(kid, _)| kid).collect()
    };
    server.context.token.next = Some(key("k2", 9));
    assert_eq!(published(&server.context).await, ["k1", "k2"]);
    server.context.token = TokenSecret { signing: key("k2", 9), next: None, retired: Vec::new() };
    assert_eq!(published(&server.context).await, ["k1", "k2"]);
    server.context.token.retired = vec!["k1".to_owned()];
    assert_eq!(published(&server.context).await, ["k2"]);
    server.context.token.retired = vec!["k2".to_owned()];
    let error = run(&server.context, Invocation {}).await.unwrap_err();
    assert_eq!(error.to_string(), "the token secret retires the key k2 that it uses");
    server.end().await;
}

#[test]
fn the_token_secret_of_an_installation_that_never_rotated_is_read() {
    let secret: TokenSecret = serde_json::from_str(r#"{"kid": "k1", "ed25519_seed": "x"}"#).unwrap();
    assert!(secret.signing.kid == "k1" && secret.next.is_none() && secret.retired.is_empty());
}
