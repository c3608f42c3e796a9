//! Which language models an organisation has asked.

use crate::{Error, Result, Tenant};

/// Names in their order; `None`: all of the installation, as it has them.
///
/// # Errors
/// When the database fails.
pub async fn get(tenant: &mut Tenant) -> Result<Option<Vec<String>>> {
    sqlx::query_scalar("SELECT models FROM model_choices")
        .fetch_optional(&mut **tenant)
        .await
        .map_err(Error::query("model_choices.get"))
}

/// Chooses these, or with `None` none in particular.
///
/// # Errors
/// When the database fails.
pub async fn set(tenant: &mut Tenant, models: Option<&[String]>) -> Result<()> {
    let statement = match models {
        Some(_) => {
            "INSERT INTO model_choices (org_id, models) VALUES ($1, $2)
             ON CONFLICT (org_id) DO UPDATE SET models = EXCLUDED.models, updated_at = now()"
        }
        None => "DELETE FROM model_choices WHERE org_id = $1 AND $2::text[] IS NULL",
    };
    sqlx::query(statement)
        .bind(tenant.org().0)
        .bind(models)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("model_choices.set"))?;
    Ok(())
}
