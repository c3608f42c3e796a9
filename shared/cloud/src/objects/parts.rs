//! Objects that are written while they are made.

use aws_sdk_s3::{
    primitives::ByteStream,
    types::{CompletedMultipartUpload, CompletedPart},
};

use super::{MemoryStore, ObjectStore, S3Store};
use crate::Error;

/// Smallest part that S3 takes, but for the last one.
pub const PART_BYTES_MIN: usize = 5 << 20;

/// An object in the making. It is there when it is finished, whole; of one that is given up the store forgets the parts after a
/// day.
#[derive(Debug)]
pub struct ObjectWriter {
    key: String,
    size_bytes: u64,
    target: Target,
}

#[derive(Debug)]
enum Target {
    S3(Box<Parts>),
    Memory(MemoryStore, Vec<u8>),
}

#[derive(Debug)]
struct Parts {
    store: S3Store,
    /// Held back, because an object of one part is stored at once.
    first: Option<Vec<u8>>,
    /// Under way once there is a second part.
    upload_id: Option<String>,
    done: Vec<CompletedPart>,
}

impl ObjectStore {
    /// Begins an object; it takes the place of an earlier one when it is finished.
    #[must_use]
    pub fn begin(&self, key: &str) -> ObjectWriter {
        let target = match self {
            Self::S3(store) => {
                let parts = Parts { store: store.clone(), first: None, upload_id: None, done: Vec::new() };
                Target::S3(Box::new(parts))
            }
            Self::Memory(store) => Target::Memory(store.clone(), Vec::new()),
        };
        ObjectWriter { key: key.to_owned(), size_bytes: 0, target }
    }
}

impl ObjectWriter {
    /// Adds a part; each but the last has [`PART_BYTES_MIN`] or more.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn add(&mut self, part: Vec<u8>) -> Result<(), Error> {
        self.size_bytes += part.len() as u64;
        match &mut self.target {
            Target::S3(parts) => parts.add(&self.key, part).await,
            Target::Memory(_, bytes) => {
                bytes.extend(part);
                Ok(())
            }
        }
    }

    /// Makes the object of its parts; its size.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn finish(self) -> Result<u64, Error> {
        match self.target {
            Target::S3(parts) => parts.finish(&self.key).await?,
            Target::Memory(store, bytes) => store.put(&self.key, bytes),
        }
        Ok(self.size_bytes)
    }
}

impl Parts {
    async fn add(&mut self, key: &str, part: Vec<u8>) -> Result<(), Error> {
        if self.done.is_empty() && self.upload_id.is_none() {
            let Some(first) = self.first.take() else {
                self.first = Some(part);
                return Ok(());
            };
            let create = self.store.client.create_multipart_upload().bucket(&self.store.bucket).key(key);
            let created = create.send().await.map_err(|error| Error::object("begin", key, error))?;
            self.upload_id = created.upload_id;
            self.send(key, first).await?;
        }
        self.send(key, part).await
    }

    async fn send(&mut self, key: &str, part: Vec<u8>) -> Result<(), Error> {
        let number = i32::try_from(self.done.len() + 1).unwrap_or(i32::MAX);
        let request = self.store.client.upload_part().bucket(&self.store.bucket).key(key);
        let request = request.set_upload_id(self.upload_id.clone()).part_number(number);
        let sent = request.body(ByteStream::from(part)).send().await;
        let sent = sent.map_err(|error| Error::object("store a part of", key, error))?;
        self.done.push(CompletedPart::builder().part_number(number).set_e_tag(sent.e_tag).build());
        Ok(())
    }

    async fn finish(self, key: &str) -> Result<(), Error> {
        let Some(upload_id) = self.upload_id else {
            return self.store.put(key, self.first.unwrap_or_default()).await;
        };
        let parts = CompletedMultipartUpload::builder().set_parts(Some(self.done)).build();
        let request = self.store.client.complete_multipart_upload().bucket(&self.store.bucket).key(key);
        let sent = request.upload_id(upload_id).multipart_upload(parts).send().await;
        sent.map_err(|error| Error::object("finish", key, error))?;
        Ok(())
    }
}
