//! How often anything changed that answers rest on.

use domain::OrgId;

use crate::{Database, Error, Result};

/// The number of changes of an organisation: figures, names, or who may see what. Two equal questions of the same caller between
/// which it stays the same have the same answer.
///
/// # Errors
/// When the database fails.
pub async fn of(database: &Database, org: OrgId) -> Result<i64> {
    let mut connection = database.service().await?;
    sqlx::query_scalar("SELECT service.data_version($1)")
        .bind(org.0)
        .fetch_one(&mut *connection)
        .await
        .map_err(Error::query("data_versions.of"))
}
