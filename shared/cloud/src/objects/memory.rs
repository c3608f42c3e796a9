//! A bucket in memory.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, Utc};

use super::ObjectInfo;
use crate::Error;

type Objects = BTreeMap<String, (Vec<u8>, DateTime<Utc>)>;

/// Keeps objects until it is dropped. Clones share their objects.
#[derive(Debug, Clone, Default)]
pub struct MemoryStore(Arc<Mutex<Objects>>);

impl MemoryStore {
    fn objects(&self) -> MutexGuard<'_, Objects> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn read(&self, key: &str) -> Result<Vec<u8>, Error> {
        let bytes = self.objects().get(key).map(|(bytes, _)| bytes.clone());
        bytes.ok_or_else(|| Error::NotFound { key: key.to_owned() })
    }

    pub(super) fn head(&self, key: &str) -> Option<ObjectInfo> {
        self.objects().get(key).map(|(bytes, modified)| ObjectInfo {
            size_bytes: bytes.len() as u64,
            etag: None,
            modified: Some(*modified),
        })
    }

    pub(super) fn put(&self, key: &str, bytes: Vec<u8>) {
        self.objects().insert(key.to_owned(), (bytes, Utc::now()));
    }

    pub(super) fn delete(&self, key: &str) {
        self.objects().remove(key);
    }
}
