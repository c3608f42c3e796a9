//! Objects in a bucket.

mod memory;
mod parts;
mod s3;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::Duration,
};

use aws_config::SdkConfig;
use chrono::{DateTime, Utc};
use domain::{FileName, RequestId};
use sha2::{Digest, Sha256};
use tokio::{fs::File, io::AsyncWriteExt};

pub use self::{
    memory::MemoryStore,
    parts::{ObjectWriter, PART_BYTES_MIN},
    s3::S3Store,
};
use crate::Error;

/// One bucket.
#[derive(Debug, Clone)]
pub enum ObjectStore {
    S3(S3Store),
    Memory(MemoryStore),
}

/// How a bucket is addressed. AWS wants it in the host name, local emulators in the path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathStyle {
    Off,
    On,
}

impl PathStyle {
    /// Reads the setting `S3_PATH_STYLE`: `true` turns it on.
    #[must_use]
    pub fn from_setting(value: Option<&str>) -> Self {
        if value == Some("true") { Self::On } else { Self::Off }
    }
}

/// What arrived in the local file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// Lower-case hex.
    pub sha256: String,
    pub size_bytes: u64,
}

/// A copy of an object on the local disk, deleted with this value.
#[derive(Debug)]
pub struct LocalCopy {
    path: PathBuf,
    pub fetched: Fetched,
}

impl LocalCopy {
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for LocalCopy {
    fn drop(&mut self) {
        // What cannot be deleted goes with the worker.
        let _ = std::fs::remove_file(&self.path);
    }
}

/// What the bucket says about an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectInfo {
    pub size_bytes: u64,
    pub etag: Option<String>,
    pub modified: Option<DateTime<Utc>>,
}

/// A URL that takes one upload of one exact size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresignedPut {
    pub url: String,
    /// Headers to send exactly so; they are part of the signature.
    pub headers: BTreeMap<String, String>,
    pub expires_at: DateTime<Utc>,
}

/// A URL that downloads one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresignedGet {
    pub url: String,
    pub expires_at: DateTime<Utc>,
}

impl ObjectStore {
    /// A bucket in S3 or in an emulator of it.
    #[must_use]
    pub fn s3(config: &SdkConfig, bucket: impl Into<String>, path_style: PathStyle) -> Self {
        Self::S3(S3Store::new(config, bucket.into(), path_style))
    }

    /// An empty bucket in memory.
    #[must_use]
    pub fn memory() -> Self {
        Self::Memory(MemoryStore::default())
    }

    /// Streams an object into a new file at `path`, a chunk at a time. At most `max_bytes` are written.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::TooLarge`], or a failure of the store or the disk.
    pub async fn get_to_file(&self, key: &str, path: &Path, max_bytes: u64) -> Result<Fetched, Error> {
        let mut target = Target::create(key, path, max_bytes).await?;
        match self {
            Self::S3(store) => store.read(key, &mut target).await?,
            Self::Memory(store) => target.write(&store.read(key)?).await?,
        }
        target.finish().await
    }

    /// Streams an object into a file of its own, under a name made of an id: workers of one machine never share it.
    ///
    /// # Errors
    /// As [`get_to_file`](Self::get_to_file).
    pub async fn copy_locally(&self, key: &str, max_bytes: u64) -> Result<LocalCopy, Error> {
        let path = std::env::temp_dir().join(format!("object-{}", RequestId::new()));
        let mut copy = LocalCopy { path, fetched: Fetched { sha256: String::new(), size_bytes: 0 } };
        copy.fetched = self.get_to_file(key, &copy.path, max_bytes).await?;
        Ok(copy)
    }

    /// Looks at an object; `None` when there is none.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn head(&self, key: &str) -> Result<Option<ObjectInfo>, Error> {
        match self {
            Self::S3(store) => store.head(key).await,
            Self::Memory(store) => Ok(store.head(key)),
        }
    }

    /// Stores an object, replacing any earlier one.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn put(&self, key: &str, bytes: Vec<u8>) -> Result<(), Error> {
        match self {
            Self::S3(store) => store.put(key, bytes).await,
            Self::Memory(store) => {
                store.put(key, bytes);
                Ok(())
            }
        }
    }

    /// Deletes an object; deleting nothing is fine.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn delete(&self, key: &str) -> Result<(), Error> {
        match self {
            Self::S3(store) => store.delete(key).await,
            Self::Memory(store) => {
                store.delete(key);
                Ok(())
            }
        }
    }

    /// Deletes an object with all its former versions; deleting nothing is fine.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn erase(&self, key: &str) -> Result<(), Error> {
        match self {
            Self::S3(store) => store.erase(key).await,
            Self::Memory(store) => {
                store.delete(key);
                Ok(())
            }
        }
    }

    /// Signs an upload of exactly `size_bytes`: the store refuses a body of another length.
    ///
    /// # Errors
    /// When there are no credentials to sign with.
    pub async fn presign_put(
        &self,
        key: &str,
        size_bytes: u64,
        expires: Duration,
    ) -> Result<PresignedPut, Error> {
        let expires_at = Utc::now() + expires;
        match self {
            Self::S3(store) => {
                let (url, headers) = store.presign_put(key, size_bytes, expires).await?;
                Ok(PresignedPut { url, headers, expires_at })
            }
            Self::Memory(_) => {
                let headers = BTreeMap::from([("content-length".to_owned(), size_bytes.to_string())]);
                Ok(PresignedPut { url: format!("memory:///{key}"), headers, expires_at })
            }
        }
    }

    /// Signs a download that the browser saves as `file_name`.
    ///
    /// # Errors
    /// When there are no credentials to sign with.
    pub async fn presign_get(
        &self,
        key: &str,
        file_name: &FileName,
        expires: Duration,
    ) -> Result<PresignedGet, Error> {
        let expires_at = Utc::now() + expires;
        match self {
            Self::S3(store) => {
                let url = store.presign_get(key, file_name, expires).await?;
                Ok(PresignedGet { url, expires_at })
            }
            Self::Memory(_) => Ok(PresignedGet { url: format!("memory:///{key}"), expires_at }),
        }
    }
}

/// A local file that is hashed and measured while it is written.
struct Target {
    key: String,
    file: File,
    hash: Sha256,
    size_bytes: u64,
    max_bytes: u64,
}

impl Target {
    async fn create(key: &str, path: &Path, max_bytes: u64) -> Result<Self, Error> {
        let file =
            File::create(path).await.map_err(|source| Error::LocalFile { key: key.to_owned(), source })?;
        Ok(Self { key: key.to_owned(), file, hash: Sha256::new(), size_bytes: 0, max_bytes })
    }

    /// Refuses an announced size before the first byte is read.
    fn announce(&self, size_bytes: u64) -> Result<(), Error> {
        if size_bytes > self.max_bytes {
            return Err(Error::TooLarge { key: self.key.clone(), max_bytes: self.max_bytes });
        }
        Ok(())
    }

    async fn write(&mut self, chunk: &[u8]) -> Result<(), Error> {
        let size_bytes = self.size_bytes + chunk.len() as u64;
        self.announce(size_bytes)?;
        self.size_bytes = size_bytes;
        self.hash.update(chunk);
        self.file.write_all(chunk).await.map_err(|source| Error::LocalFile { key: self.key.clone(), source })
    }

    async fn finish(mut self) -> Result<Fetched, Error> {
        self.file.flush().await.map_err(|source| Error::LocalFile { key: self.key.clone(), source })?;
        Ok(Fetched { sha256: domain::to_hex(&self.hash.finalize()), size_bytes: self.size_bytes })
    }
}

#[cfg(test)]
mod tests;
