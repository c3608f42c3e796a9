use data::{Database, DatabaseSettings, WallKey};
use domain::OrgId;
use serde_json::from_value;
use sqlx::{Connection as _, PgConnection};
use testkit::TestDatabase;

use super::*;
use crate::{AdminSecret, TokenSecret};

const OTHER_KEY: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

/// A database of its own, migrated by an administrator who is no superuser, as on RDS.
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
            format!("GRANT shelfline_app, shelfline_reader, shelfline_service TO {name} WITH ADMIN OPTION"),
            format!("CREATE DATABASE {name} OWNER {name}"),
        ] {
            execute(&database, statement).await;
        }
        let settings = database.settings();
        let (_, rest) = settings.url.split_once('@').unwrap();
        let host = rest.split('/').next().unwrap();
        let admin = AdminSecret {
            url: format!("postgres://{name}:secret@{host}/{name}"),
            app_password: testkit::PASSWORD.to_owned(),
            reader_password: testkit::PASSWORD.to_owned(),
            wall_key: WallKey::from_hex(OTHER_KEY).unwrap(),
        };
        let token = TokenSecret { kid: "k1".to_owned(), ed25519_seed: STANDARD.encode([7; 32]) };
        Self { database, name, context: Context { admin, token } }
    }

    async fn end(self) {
        execute(&self.database, format!("DROP DATABASE {} WITH (FORCE)", self.name)).await;
        execute(&self.database, format!("DROP ROLE {}", self.name)).await;
    }
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
        let mut tenant = app.tenant(org).await.unwrap();
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

#[tokio::test]
async fn a_seed_that_is_not_32_bytes_stops_the_deployment() {
    let mut server = Server::new().await;
    server.context.token.ed25519_seed = "c2hvcnQ=".to_owned();
    let error = run(&server.context, Invocation {}).await.unwrap_err();
    assert_eq!(error.to_string(), "the token secret's seed is not 32 bytes in base64");
    server.end().await;
}
