//! What the deploy step does as administrator: migrate, set passwords, store the wall key.

use std::{pin::Pin, str::FromStr as _};

use sqlx::{AssertSqlSafe, ConnectOptions as _, PgConnection, postgres::PgConnectOptions};

use crate::{Error, MIGRATOR, Result, WallKey, wall};

/// A connection of the administrator.
pub type AdminConnection = PgConnection;

/// Attempts to change a role while another database of the cluster does the same.
const ROLE_ATTEMPTS: u32 = 10;

/// What an installation is set up with, besides the migrations.
pub struct Installation {
    pub app_password: String,
    pub reader_password: String,
    pub wall_key: WallKey,
}

/// Opens an administrator's connection.
///
/// # Errors
/// When the server cannot be reached.
pub async fn connect(url: &str) -> Result<PgConnection> {
    let options = PgConnectOptions::from_str(url).map_err(Error::Address)?;
    options.connect().await.map_err(Error::query("installation.connect"))
}

/// Applies the migrations that are missing; returns how many are applied now. They expect pgvector, which the owner of a database may
/// add where the server has it.
///
/// # Errors
/// When a migration fails; it was rolled back then.
pub async fn migrate(admin: &mut PgConnection) -> Result<usize> {
    sqlx::query("CREATE EXTENSION IF NOT EXISTS vector WITH SCHEMA public")
        .execute(&mut *admin)
        .await
        .map_err(Error::query("installation.extend"))?;
    // Boxed with its lifetime named: otherwise the compiler cannot prove that callers' futures are `Send`.
    let run: Pin<Box<dyn Future<Output = _> + Send + '_>> = Box::pin(MIGRATOR.run_direct(None, admin, false));
    run.await.map_err(Error::Migrate)?;
    Ok(MIGRATOR.iter().count())
}

/// Sets role passwords, the wall key and the rights on this database. Running it again changes nothing.
///
/// # Errors
/// When the database refuses.
pub async fn configure(admin: &mut PgConnection, installation: &Installation) -> Result<()> {
    set_password(admin, "shelfline_app", &installation.app_password).await?;
    set_password(admin, "shelfline_reader", &installation.reader_password).await?;
    limit_reader(admin).await?;
    wall::store_key(admin, &installation.wall_key).await?;
    restrict_database(admin).await
}

/// Leaves this database to the two login roles; only the application may create temporary tables (it stages rows in them).
///
/// # Errors
/// When the database refuses.
pub async fn restrict_database(admin: &mut PgConnection) -> Result<()> {
    sqlx::raw_sql(
        "DO $$ BEGIN
            EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
            EXECUTE format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO shelfline_app', current_database());
            EXECUTE format('GRANT CONNECT ON DATABASE %I TO shelfline_reader', current_database());
         END $$",
    )
    .execute(admin)
    .await
    .map_err(Error::query("installation.restrict_database"))?;
    Ok(())
}

/// What holds for the reading role although nobody asks for it.
async fn limit_reader(admin: &mut PgConnection) -> Result<()> {
    for setting in [
        "default_transaction_read_only = on",
        "search_path = reporting, pg_catalog",
        "statement_timeout = '4s'",
        "lock_timeout = '1s'",
        "idle_in_transaction_session_timeout = '10s'",
        "timezone = 'UTC'",
    ] {
        alter_role(admin, format!("ALTER ROLE shelfline_reader SET {setting}")).await?;
    }
    // For superusers alone; a managed server has the limit of its parameter group instead.
    match alter_role(admin, "ALTER ROLE shelfline_reader SET temp_file_limit = '256MB'".to_owned()).await {
        Err(error) if !error.is_denied() => Err(error),
        _ => Ok(()),
    }
}

async fn set_password(admin: &mut PgConnection, role: &str, password: &str) -> Result<()> {
    // ALTER ROLE takes no parameters: let the server quote both.
    let statement: String =
        sqlx::query_scalar("SELECT format('ALTER ROLE %I PASSWORD %L', $1::text, $2::text)")
            .bind(role)
            .bind(password)
            .fetch_one(&mut *admin)
            .await
            .map_err(Error::query("installation.quote_password"))?;
    alter_role(admin, statement).await
}

/// Roles belong to the cluster: another database's db-migrate may update the same row at this moment.
async fn alter_role(admin: &mut PgConnection, statement: String) -> Result<()> {
    let mut attempt = 1;
    loop {
        let outcome = sqlx::raw_sql(AssertSqlSafe(statement.clone())).execute(&mut *admin).await;
        match outcome {
            Ok(_) => return Ok(()),
            Err(error) if attempt < ROLE_ATTEMPTS && is_concurrent_update(&error) => attempt += 1,
            Err(source) => return Err(Error::Query { operation: "installation.alter_role", source }),
        }
    }
}

fn is_concurrent_update(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|error| error.code().as_deref() == Some("XX000"))
}
