//! Everything an upload is matched, classified and converted with.

use domain::ReferenceData;

use crate::{Result, Tenant, fx_rates, product_aliases, product_prices, products};

/// Loads the organisation's reference data.
///
/// # Errors
/// When the database fails.
pub async fn load(tenant: &mut Tenant) -> Result<ReferenceData> {
    Ok(ReferenceData {
        products: products::all(tenant).await?,
        aliases: product_aliases::all(tenant).await?,
        prices: product_prices::all(tenant).await?,
        rates: fx_rates::all(tenant).await?,
        // Of a secret that the database does not have.
        buyers: None,
    })
}
