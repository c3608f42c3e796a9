//! Many spellings at once.

use std::collections::BTreeMap;

use domain::UserId;
use uuid::Uuid;

use super::{Details, describe, named, recompute, spellings};
use crate::{Result, Tenant, catalogue::ImportCounts};

/// What somebody says of a spelling.
#[derive(Debug, Clone)]
pub struct Stated {
    pub vendor: String,
    pub spelling: String,
    /// The name of the store that it means, made if there is none.
    pub store: String,
    pub details: Details,
}

/// Takes stated spellings, each of a vendor once, with everything booked so far, as [`confirm`](super::confirm) does. The caller holds
/// `catalogue::lock`.
///
/// # Errors
/// When the database fails.
pub async fn import(tenant: &mut Tenant, stated: &[Stated], by: UserId) -> Result<ImportCounts> {
    let (mut created, mut updated) = (0, 0);
    let mut described: BTreeMap<Uuid, &str> = BTreeMap::new();
    for Stated { vendor, spelling, store, details } in stated {
        let id = named(tenant, vendor, store, by).await?;
        let is_described = describe(tenant, id, None, details, by).await?;
        let before = spellings::point(tenant, vendor, spelling, id, by).await?.before;
        spellings::point(tenant, vendor, store, id, by).await?;
        if is_described {
            described.insert(id, vendor);
        }
        match before {
            None => created += 1,
            Some(known) if known != id || is_described => updated += 1,
            Some(_) => {}
        }
    }
    for (id, vendor) in described {
        recompute(tenant, id, vendor).await?;
    }
    Ok(ImportCounts::new(stated.len(), created, updated))
}
