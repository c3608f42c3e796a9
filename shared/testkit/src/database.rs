//! A Postgres database for one test.

use std::{str::FromStr, thread};

use data::{
    Caller, Database, DatabaseSettings, MIGRATOR, WallKey,
    installation::{self, Installation},
    roles, users,
};
use domain::{OrgId, UserId, to_hex};
use edge::{Permission, Principal};
use sha2::{Digest, Sha256};
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, PgConnection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use uuid::Uuid;

/// The key that tenant settings of test databases are signed with, in hex.
pub const WALL_KEY: &str = "5eafa11e5eafa11e5eafa11e5eafa11e5eafa11e5eafa11e5eafa11e5eafa11e";
/// Password of the application roles in test databases. Roles belong to the whole server: no test may change it.
pub const PASSWORD: &str = "shelfline-test";

/// Serialises the making of templates among test processes; any number that nobody else uses.
const TEMPLATE_LOCK: i64 = 7_302_601_121;

/// A database of one test; dropped with it.
pub struct TestDatabase {
    name: String,
    server: PgConnectOptions,
    admin: PgPool,
    app: Database,
}

/// An organisation with its owner, as written to the database.
#[derive(Debug, Clone)]
pub struct Seeded {
    pub org: OrgId,
    pub slug: String,
    pub owner: UserId,
    pub owner_email: String,
}

impl Seeded {
    /// The owner as the authorizer would vouch for.
    #[must_use]
    pub fn principal(&self) -> Principal {
        Principal {
            org_id: self.org,
            user_id: self.owner,
            key_id: None,
            role: roles::OWNER.to_owned(),
            email: self.owner_email.clone(),
            permissions: Permission::ALL.to_vec(),
        }
    }
}

impl TestDatabase {
    /// Clones the migrated template.
    ///
    /// # Panics
    /// When `TEST_DATABASE_URL` is missing or its server does not do what is asked.
    pub async fn new() -> Self {
        let server = server();
        let mut connection = PgConnection::connect_with(&server).await.expect("connect to TEST_DATABASE_URL");
        let template = template(&server, &mut connection).await;
        let name = format!("test_{}", Uuid::now_v7().simple());
        execute(&mut connection, format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
        connection.close().await.expect("close");

        let options = server.clone().database(&name);
        // Rights on a database are not cloned with it.
        let mut setup = PgConnection::connect_with(&options).await.expect("connect to the clone");
        installation::restrict_database(&mut setup).await.expect("restrict the clone");
        setup.close().await.expect("close");
        let admin = PgPoolOptions::new().max_connections(3).connect_lazy_with(options);
        let app = Database::connect(&settings(&server, &name)).expect("application settings");
        Self { name, server, admin, app }
    }

    /// The administrator's pool: sees everything.
    #[must_use]
    pub fn admin(&self) -> &PgPool {
        &self.admin
    }

    /// The database as the application has it.
    #[must_use]
    pub fn app(&self) -> &Database {
        &self.app
    }

    /// What a function would find in its secret.
    #[must_use]
    pub fn settings(&self) -> DatabaseSettings {
        settings(&self.server, &self.name)
    }

    /// Address for a raw connection as `shelfline_app`.
    #[must_use]
    pub fn app_url(&self) -> String {
        url(&self.server, &self.name, "shelfline_app")
    }

    /// Address for a raw connection as `shelfline_reader`.
    #[must_use]
    pub fn reader_url(&self) -> String {
        url(&self.server, &self.name, "shelfline_reader")
    }

    /// Address for a raw connection as administrator.
    #[must_use]
    pub fn admin_url(&self) -> String {
        self.server.clone().database(&self.name).to_url_lossy().to_string()
    }

    /// Writes an organisation and its owner.
    ///
    /// # Panics
    /// When the slug is taken.
    pub async fn seed(&self, slug: &str) -> Seeded {
        self.seed_as(OrgId::new(), slug).await
    }

    /// The same with a known id, for example that of an example event.
    ///
    /// # Panics
    /// When the id or the slug is taken.
    pub async fn seed_as(&self, org: OrgId, slug: &str) -> Seeded {
        let seeded = Seeded {
            org,
            slug: slug.to_owned(),
            owner: UserId::new(),
            owner_email: format!("owner@{slug}.example"),
        };
        sqlx::query("INSERT INTO organizations (id, slug, name) VALUES ($1, $2, $2)")
            .bind(seeded.org.0)
            .bind(slug)
            .execute(&self.admin)
            .await
            .expect("insert the organisation");
        self.insert_user(seeded.org, seeded.owner, &seeded.owner_email, roles::OWNER).await;
        seeded
    }

    /// Writes a user of this role, and vouches for them as the authorizer would.
    ///
    /// # Panics
    /// When the organisation has no such role.
    pub async fn principal(&self, org: OrgId, role: &str) -> Principal {
        let user = UserId::new();
        let email = format!("{role}-{user}@example.com");
        self.insert_user(org, user, &email, role).await;
        self.vouch(org, user).await
    }

    /// A user as the authorizer would vouch for them now.
    ///
    /// # Panics
    /// When there is no such active user.
    pub async fn vouch(&self, org: OrgId, user: UserId) -> Principal {
        let mut tenant = self.app.tenant(Caller { org, subject: user.0 }).await.expect("connect");
        let row = users::find(&mut tenant, user).await.expect("look up").expect("an active user");
        let rights = users::rights(&mut tenant).await.expect("look up");
        let permissions = rights.iter().filter_map(|word| word.parse().ok()).collect();
        Principal { org_id: org, user_id: user, key_id: None, role: row.role, email: row.email, permissions }
    }

    /// Makes the sums of rows that a test wrote itself: bookings keep them by themselves.
    ///
    /// # Panics
    /// When there are sums already.
    pub async fn sum_up(&self, org: OrgId) {
        sqlx::query(
            "INSERT INTO sales_rollup (org_id, vendor, counts_on, channel, store, store_kind, product_ean, currency, country, line_class,
             records, quantity, with_quantity, amount_local, with_amount, amount_eur, with_euro, unconverted, paired_quantity, paired_eur)
             SELECT org_id, vendor, counts_on, channel, store, store_kind, product_ean, currency, country, line_class, count(*),
             coalesce(sum(quantity), 0), count(quantity), coalesce(sum(amount_local), 0), count(amount_local),
             coalesce(sum(amount_eur), 0), count(amount_eur), count(*) FILTER (WHERE amount_local IS NOT NULL AND amount_eur IS NULL),
             coalesce(sum(quantity) FILTER (WHERE amount_eur IS NOT NULL), 0), coalesce(sum(amount_eur) FILTER (WHERE quantity IS NOT NULL), 0)
             FROM sales WHERE org_id = $1
             GROUP BY org_id, vendor, counts_on, channel, store, store_kind, product_ean, currency, country, line_class",
        )
        .bind(org.0)
        .execute(&self.admin)
        .await
        .expect("sum up the sales");
        sqlx::query(
            "SELECT wall.count_orders(org_id, vendor, NULL)
             FROM (SELECT DISTINCT org_id, vendor FROM ecommerce_orders WHERE org_id = $1) AS shops",
        )
        .bind(org.0)
        .execute(&self.admin)
        .await
        .expect("count the orders");
    }

    async fn insert_user(&self, org: OrgId, user: UserId, email: &str, role: &str) {
        sqlx::query(
            "INSERT INTO users (id, org_id, email, password_hash, role) VALUES ($1, $2, $3, 'none', $4)",
        )
        .bind(user.0)
        .bind(org.0)
        .bind(email)
        .bind(role)
        .execute(&self.admin)
        .await
        .expect("insert the user");
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), self.name.clone());
        // Its own thread, because the test's runtime may be ending.
        let dropped = thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().expect("runtime");
            runtime.block_on(async {
                if let Ok(mut connection) = PgConnection::connect_with(&server).await {
                    execute(&mut connection, format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
                }
            });
        });
        // A database left behind does no harm; a panic while dropping would hide the test's own.
        drop(dropped.join());
    }
}

#[expect(clippy::disallowed_methods, reason = "tests have no edge::config")]
fn server() -> PgConnectOptions {
    let url = std::env::var("TEST_DATABASE_URL").expect(
        "TEST_DATABASE_URL is not set: tests need a Postgres 18, for example \
         TEST_DATABASE_URL=postgres://postgres@127.0.0.1:5432/postgres (`make test` starts one)",
    );
    PgConnectOptions::from_str(&url).expect("TEST_DATABASE_URL is an address")
}

fn url(server: &PgConnectOptions, name: &str, role: &str) -> String {
    server.clone().database(name).username(role).password(PASSWORD).to_url_lossy().to_string()
}

fn settings(server: &PgConnectOptions, name: &str) -> DatabaseSettings {
    DatabaseSettings { url: url(server, name, "shelfline_app"), wall_key: wall_key() }
}

fn wall_key() -> WallKey {
    WallKey::from_hex(WALL_KEY).expect("a key")
}

/// Name of the template for the migrations of this build, made on first use.
async fn template(server: &PgConnectOptions, connection: &mut PgConnection) -> String {
    let mut hash = Sha256::new();
    MIGRATOR.iter().for_each(|migration| hash.update(&migration.checksum));
    let digest = to_hex(&hash.finalize()[..8]);
    let name = format!("template_{digest}");

    // The mark `datistemplate` is set last, so a template whose maker was killed is made anew.
    let ready = "SELECT datistemplate FROM pg_database WHERE datname = $1";
    if sqlx::query_scalar(ready).bind(&name).fetch_optional(&mut *connection).await.expect("look up")
        == Some(true)
    {
        return name;
    }
    execute(connection, format!("SELECT pg_advisory_lock({TEMPLATE_LOCK})")).await;
    let found: Option<bool> =
        sqlx::query_scalar(ready).bind(&name).fetch_optional(&mut *connection).await.expect("look up");
    if found != Some(true) {
        execute(connection, format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        execute(connection, format!("CREATE DATABASE {name}")).await;
        let mut inside = PgConnection::connect_with(&server.clone().database(&name))
            .await
            .expect("connect to the template");
        installation::migrate(&mut inside).await.expect("migrate the template");
        let passwords = Installation {
            app_password: PASSWORD.to_owned(),
            reader_password: PASSWORD.to_owned(),
            wall_key: wall_key(),
        };
        installation::configure(&mut inside, &passwords).await.expect("configure the template");
        inside.close().await.expect("close");
        execute(connection, format!("ALTER DATABASE {name} IS_TEMPLATE true")).await;
    }
    execute(connection, format!("SELECT pg_advisory_unlock({TEMPLATE_LOCK})")).await;
    name
}

async fn execute(connection: &mut PgConnection, statement: String) {
    sqlx::raw_sql(AssertSqlSafe(statement.clone())).execute(connection).await.expect(&statement);
}
