//! Connections for SQL that we did not write: the reading role, which sees the views of schema `reporting` and nothing else.

mod failure;
mod run;
mod table;

use std::{
    ops::{Deref, DerefMut},
    str::FromStr as _,
};

use sqlx::{
    Executor as _, PgConnection, PgPool, Postgres, Transaction,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::{
    Caller, DatabaseSettings, Error, Result,
    wall::{self, WallKey},
};

pub use failure::Failure;
pub use run::Checked;
pub use table::{Cell, Column, Kind, Table};

/// One question at a time, and what runs beside it.
const MAX_CONNECTIONS: u32 = 2;

/// What no query may take longer or more of. The role has the same defaults; a transaction states them again, because SQL
/// that ran before may have changed those of its session.
const LIMITS: &str =
    "SET LOCAL statement_timeout = '4s'; SET LOCAL lock_timeout = '1s'; SET LOCAL work_mem = '16MB';
    SET LOCAL search_path = reporting, pg_catalog; SET LOCAL timezone = 'UTC'; SET LOCAL row_security = on";

/// Connections as `shelfline_reader`. Cheap to clone.
#[derive(Clone)]
pub struct Reader {
    pool: PgPool,
    wall_key: WallKey,
}

impl Reader {
    /// Prepares the connections; the first query connects.
    ///
    /// # Errors
    /// When the address cannot be read.
    pub fn connect(settings: &DatabaseSettings) -> Result<Self> {
        let options = PgConnectOptions::from_str(&settings.url)
            .map_err(Error::Address)?
            .application_name("shelfline-reader")
            // `DISCARD ALL` forgets prepared statements.
            .statement_cache_capacity(0);
        let pool = PgPoolOptions::new()
            .max_connections(MAX_CONNECTIONS)
            .after_release(|connection, _| {
                Box::pin(async move {
                    connection.execute("DISCARD ALL").await?;
                    Ok(true)
                })
            })
            .connect_lazy_with(options);
        Ok(Self { pool, wall_key: settings.wall_key.clone() })
    }

    /// Opens a transaction that only reads: what its caller may see of the reporting views, and nothing else. It is never
    /// committed, so that nothing it set outlives it.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn read(&self, caller: impl Into<Caller>) -> Result<Reading> {
        let Caller { org, subject } = caller.into();
        let mut transaction =
            self.pool.begin_with("BEGIN READ ONLY").await.map_err(Error::query("reader.begin"))?;
        sqlx::raw_sql(LIMITS).execute(&mut *transaction).await.map_err(Error::query("reader.limits"))?;
        wall::enter(&mut transaction, &self.wall_key, org, Some(subject)).await?;
        Ok(Reading { transaction })
    }
}

/// An open transaction that only reads. Dropping it rolls back.
pub struct Reading {
    transaction: Transaction<'static, Postgres>,
}

impl Deref for Reading {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        &self.transaction
    }
}

impl DerefMut for Reading {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.transaction
    }
}
