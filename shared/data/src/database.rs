//! Connections of the application, and transactions that are signed for one tenant.

use std::{
    ops::{Deref, DerefMut},
    str::FromStr,
    time::Duration,
};

use domain::{OrgId, to_hex};
use serde::Deserialize;
use sqlx::{
    PgConnection, PgPool, Postgres, Transaction,
    pool::PoolConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
    types::Uuid,
};

use crate::{
    Error, Result,
    audit::{self, Event},
    wall::{self, WallKey},
};

/// A function instance handles one event at a time; the second connection serves what runs beside it.
const MAX_CONNECTIONS: u32 = 2;

/// Longer than a failover's reconnect, shorter than API Gateway's 29 s.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);

/// The application's secret: `{"url": "postgres://…", "wall_key": "<64 hex digits>"}`. Never printed.
#[derive(Clone, Deserialize)]
pub struct DatabaseSettings {
    pub url: String,
    pub wall_key: WallKey,
}

/// Who acts in a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller {
    pub org: OrgId,
    /// A user or an API key: the row policies ask what it may.
    pub subject: Uuid,
}

/// The application's connections and the key its transactions are signed with. Cheap to clone.
#[derive(Clone)]
pub struct Database {
    pool: PgPool,
    wall_key: WallKey,
}

impl Database {
    /// Prepares the connections; the first query connects.
    ///
    /// # Errors
    /// When the address cannot be read.
    pub fn connect(settings: &DatabaseSettings) -> Result<Self> {
        let options = PgConnectOptions::from_str(&settings.url)
            .map_err(Error::Address)?
            .application_name("shelfline")
            // A worker that hangs between two statements must not keep its locks for ever.
            .options([("idle_in_transaction_session_timeout", "120s")]);
        let pool = PgPoolOptions::new()
            .max_connections(MAX_CONNECTIONS)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .connect_lazy_with(options);
        Ok(Self { pool, wall_key: settings.wall_key.clone() })
    }

    /// Opens a transaction on behalf of a caller: it sees and writes what this one may in its organisation, and nothing
    /// else. Dropping it rolls back.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn tenant(&self, caller: impl Into<Caller>) -> Result<Tenant> {
        let Caller { org, subject } = caller.into();
        self.open(org, Some(subject)).await
    }

    /// Opens a transaction on behalf of a caller as [`tenant`](Self::tenant) does, on a connection that ends with it.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn copying(&self, caller: impl Into<Caller>) -> Result<Copying> {
        let Caller { org, subject } = caller.into();
        let failed = || Error::query("database.begin_copying");
        let mut connection = self.pool.acquire().await.map_err(failed())?;
        connection.close_on_drop();
        let transaction = Transaction::begin(connection, None).await.map_err(failed())?;
        Ok(Copying(self.enter(transaction, org, Some(subject)).await?))
    }

    /// Opens a transaction of the system itself: it sees and writes all rows of `org` and no others. For jobs and sign-in,
    /// where nobody acts whose rights could be asked.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn system(&self, org: OrgId) -> Result<Tenant> {
        self.open(org, None).await
    }

    /// Opens a transaction for what is about no organisation, such as a sign-in with an unknown address. It sees no rows of
    /// any, and can only record what happened.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn installation(&self) -> Result<Tenant> {
        self.open(OrgId(Uuid::nil()), None).await
    }

    async fn open(&self, org: OrgId, subject: Option<Uuid>) -> Result<Tenant> {
        let transaction = self.pool.begin().await.map_err(Error::query("database.begin"))?;
        self.enter(transaction, org, subject).await
    }

    async fn enter(
        &self,
        mut transaction: Transaction<'static, Postgres>,
        org: OrgId,
        subject: Option<Uuid>,
    ) -> Result<Tenant> {
        wall::enter(&mut transaction, &self.wall_key, org, subject).await?;
        Ok(Tenant { org, transaction, events: Vec::new() })
    }

    /// A connection without a tenant: it sees no tenant's rows and can call the functions of schema `service`.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn service(&self) -> Result<PoolConnection<Postgres>> {
        self.pool.acquire().await.map_err(Error::query("database.acquire"))
    }

    /// What links in mails are sealed with, too.
    pub(crate) fn wall_key(&self) -> &WallKey {
        &self.wall_key
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<()> {
        sqlx::query("SELECT 1").execute(&self.pool).await.map_err(Error::query("database.ping"))?;
        Ok(())
    }
}

/// A connection without a tenant.
pub type Service = PgConnection;

/// An open transaction of one tenant. All queries of this crate on tenant data take one.
pub struct Tenant {
    org: OrgId,
    transaction: Transaction<'static, Postgres>,
    /// What the commit writes into the audit trail.
    events: Vec<Event>,
}

impl Tenant {
    /// Whose rows this transaction sees.
    #[must_use]
    pub fn org(&self) -> OrgId {
        self.org
    }

    /// Has this written into the audit trail by the commit: with its effect or not at all.
    pub fn record(&mut self, event: Event) {
        self.events.push(event);
    }

    /// # Errors
    /// When the commit fails; then nothing was written, unless the connection broke while committing.
    pub async fn commit(mut self) -> Result<()> {
        // The end of the trail is locked last and for the shortest time, whatever else this transaction holds.
        if !self.events.is_empty() {
            let head = audit::append(&mut self.transaction, &self.events).await?;
            // In the logs the database cannot be made to agree with itself: a trail that was written anew differs from them.
            tracing::info!(audit.seq = head.seq, audit.hash = to_hex(&head.hash), "audited");
        }
        self.transaction.commit().await.map_err(Error::query("database.commit"))
    }

    /// Gives everything up at once, locks included; dropping does so a little later.
    ///
    /// # Errors
    /// When the connection is broken; then the server rolls back by itself.
    pub async fn rollback(self) -> Result<()> {
        self.transaction.rollback().await.map_err(Error::query("database.rollback"))
    }
}

/// A tenant's transaction that rows may be copied out of. A copy that is given up halfway leaves its connection in the middle
/// of an answer, so nobody else gets that connection.
pub struct Copying(Tenant);

impl Copying {
    /// The transaction, to be committed.
    #[must_use]
    pub fn into_tenant(self) -> Tenant {
        self.0
    }
}

impl Deref for Copying {
    type Target = Tenant;

    fn deref(&self) -> &Tenant {
        &self.0
    }
}

impl DerefMut for Copying {
    fn deref_mut(&mut self) -> &mut Tenant {
        &mut self.0
    }
}

impl Deref for Tenant {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        &self.transaction
    }
}

impl DerefMut for Tenant {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.transaction
    }
}
