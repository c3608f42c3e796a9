//! Vendors of whom something is booked.

use crate::{Error, Result, Tenant};

/// Makes a vendor known that is booked for the first time. What a person named stays.
pub(crate) async fn note(tenant: &mut Tenant, key: &str, name: Option<&str>) -> Result<()> {
    sqlx::query(
        "INSERT INTO vendors (org_id, key, name) VALUES ($1, $2, left(coalesce($3, initcap(replace($2, '_', ' '))), 200))
         ON CONFLICT (org_id, key) DO NOTHING",
    )
    .bind(tenant.org().0)
    .bind(key)
    .bind(name.filter(|name| !name.trim().is_empty()))
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("vendors.note"))?;
    Ok(())
}
