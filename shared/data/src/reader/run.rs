//! Running a statement that the gate has let through.

use std::time::Duration;

use futures_util::TryStreamExt as _;
use serde::Deserialize;
use sqlx::{
    AssertSqlSafe, Either, Executor as _, PgConnection, Postgres, SqlSafeStr as _, Statement as _,
    pool::PoolConnection, types::Json,
};

use super::{Failure, LIMITS, Reader, Table, table};
use crate::{Caller, wall};

/// As the gate printed it; nothing else may be put in here.
#[derive(Debug, Clone, Copy)]
pub struct Checked<'text> {
    pub sql: &'text str,
    /// Rows of the answer; the statement asks for one more.
    pub rows: u32,
    /// Rows that the server may expect anywhere in its plan.
    pub planned_rows: u64,
}

/// Beside those of every reading: the time includes planning. Less memory for each of the many steps that a statement may
/// have, and no compiling of plans, which takes both.
const RUN_LIMITS: &str =
    "SET LOCAL statement_timeout = '3s'; SET LOCAL work_mem = '8MB'; SET LOCAL jit = off;
    SET LOCAL client_connection_check_interval = '500ms'";

/// When the server has not answered by then, we hang up: it ends the statement when it finds us gone.
const PATIENCE: Duration = Duration::from_millis(3_500);

/// What the server expects a statement to take, in its own unit: reading ten million rows is about one million.
const MAX_COST: f64 = 2e7;

/// Bytes of an answer: what fits into the answer of a Lambda, with the quotes and commas of JSON.
const MAX_BYTES: usize = 3 * 1024 * 1024;

impl Reader {
    /// Runs a checked statement as the reading role, in a transaction that only reads and is never committed. Whatever it
    /// does, this ends in four seconds and leaves no busy connection.
    ///
    /// # Errors
    /// When it costs too much, takes too long, answers too much or does not fit; when the database cannot be reached.
    pub async fn run(&self, caller: impl Into<Caller>, checked: Checked<'_>) -> Result<Table, Failure> {
        let mut connection = self.pool.acquire().await.map_err(Failure::unavailable)?;
        let caller = caller.into();
        match tokio::time::timeout(PATIENCE, self.converse(&mut connection, caller, checked)).await {
            Ok(Ok(table)) => Ok(table),
            Ok(Err(failure)) => {
                hang_up(connection);
                Err(failure)
            }
            Err(_) => {
                hang_up(connection);
                Err(Failure::TooLong)
            }
        }
    }

    async fn converse(
        &self,
        connection: &mut PgConnection,
        caller: Caller,
        checked: Checked<'_>,
    ) -> Result<Table, Failure> {
        let begin = format!("BEGIN READ ONLY; {LIMITS}; {RUN_LIMITS}");
        sqlx::raw_sql(AssertSqlSafe(begin)).execute(&mut *connection).await.map_err(Failure::unavailable)?;
        wall::enter(connection, &self.wall_key, caller.org, Some(caller.subject))
            .await
            .map_err(Failure::Unavailable)?;
        let plan = plan(connection, checked.sql).await?;
        if plan.cost > MAX_COST || plan.most_rows() > checked.planned_rows as f64 {
            return Err(Failure::TooCostly);
        }
        let table = ask(connection, checked).await?;
        sqlx::raw_sql("ROLLBACK").execute(connection).await.map_err(Failure::unavailable)?;
        Ok(table)
    }
}

/// Closes the socket: a statement that does not heed its time, or more rows than anybody reads, are not waited for.
fn hang_up(connection: PoolConnection<Postgres>) {
    drop(connection.detach());
}

async fn ask(connection: &mut PgConnection, checked: Checked<'_>) -> Result<Table, Failure> {
    let statement = AssertSqlSafe(checked.sql.to_owned()).into_sql_str();
    // Also of an answer without rows it must be known what its columns are.
    let prepared = (&mut *connection).prepare(statement.clone()).await.map_err(Failure::of)?;
    let columns = table::columns_of(prepared.columns());
    let most = usize::try_from(checked.rows).unwrap_or(usize::MAX);
    let mut table = Table { columns, rows: Vec::new(), truncated: false };
    let mut bytes = 0;
    let mut results = sqlx::raw_sql(statement).fetch_many(connection);
    while let Some(result) = results.try_next().await.map_err(Failure::of)? {
        let Either::Right(row) = result else { continue };
        if table.rows.len() == most {
            table.truncated = true;
            continue;
        }
        let (cells, more) = table::cells(&row, &table.columns)?;
        bytes += more;
        if bytes > MAX_BYTES {
            return Err(Failure::TooLarge);
        }
        table.rows.push(cells);
    }
    Ok(table)
}

/// A step of a plan, with those below it.
#[derive(Deserialize)]
struct Plan {
    #[serde(rename = "Total Cost")]
    cost: f64,
    #[serde(rename = "Plan Rows")]
    rows: f64,
    #[serde(rename = "Plans", default)]
    below: Vec<Plan>,
}

#[derive(Deserialize)]
struct Explained {
    #[serde(rename = "Plan")]
    plan: Plan,
}

impl Plan {
    fn most_rows(&self) -> f64 {
        self.below.iter().map(Self::most_rows).fold(self.rows, f64::max)
    }
}

/// What the server expects the statement to take. Nobody is shown it: it comes from statistics over all tenants.
async fn plan(connection: &mut PgConnection, sql: &str) -> Result<Plan, Failure> {
    let explain = AssertSqlSafe(format!("EXPLAIN (FORMAT JSON) {sql}"));
    let Json([Explained { plan }]): Json<[Explained; 1]> =
        sqlx::query_scalar(explain).fetch_one(connection).await.map_err(Failure::of)?;
    Ok(plan)
}
