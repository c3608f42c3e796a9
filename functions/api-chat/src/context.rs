//! What the routes of this crate share.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use assistant::{Knowledge, KnownProduct};
use data::{Database, Tenant, data_versions, names};
use edge::{ApiError, Boxed, DatabaseContext, Principal};
use uuid::Uuid;

use crate::Advisor;

/// Callers whose names an instance keeps at most; then it forgets all of them and begins anew.
const KNOWLEDGE_MAX: usize = 50;

/// Made once at cold start.
pub struct Context {
    pub(crate) database: Database,
    /// Who is asked about questions that the built-in reading does not know.
    pub(crate) advisor: Option<Advisor>,
    /// Names by who asked, with the version of the books they are of: rights are part of that version.
    known: Mutex<HashMap<Uuid, (i64, Arc<Knowledge>)>>,
}

impl Context {
    /// # Errors
    /// When configuration is missing or the secret cannot be read.
    #[must_use]
    pub fn from_env() -> Boxed<'static, anyhow::Result<Self>> {
        Box::pin(async {
            let database = DatabaseContext::from_env().await?.database;
            Ok(Self { advisor: Advisor::from_env().await?, ..Self::new(database) })
        })
    }

    #[must_use]
    pub fn new(database: Database) -> Self {
        Self { database, advisor: None, known: Mutex::default() }
    }

    /// The names that the caller may see, from memory as long as nothing has changed.
    pub(crate) async fn knowledge(
        &self,
        tenant: &mut Tenant,
        principal: &Principal,
    ) -> Result<Arc<Knowledge>, ApiError> {
        let version = data_versions::of(&self.database, principal.org_id).await?;
        let subject = principal.key_id.map_or(principal.user_id.0, |key| key.0);
        let kept = self.known.lock().ok().and_then(|known| known.get(&subject).cloned());
        if let Some((_, knowledge)) = kept.filter(|(of, _)| *of == version) {
            return Ok(knowledge);
        }
        let names = names::all(tenant).await?;
        let products = names.products.into_iter().map(|product| KnownProduct {
            ean: product.ean,
            sku: product.sku,
            name: product.name,
            size: product.size,
            category: product.category,
        });
        let knowledge = Arc::new(Knowledge::new(names.vendors, products, names.values));
        if let Ok(mut known) = self.known.lock() {
            if known.len() >= KNOWLEDGE_MAX {
                known.clear();
            }
            known.insert(subject, (version, knowledge.clone()));
        }
        Ok(knowledge)
    }
}

/// Where limits are counted.
impl AsRef<Database> for Context {
    fn as_ref(&self) -> &Database {
        &self.database
    }
}
