#![doc = include_str!("../README.md")]

mod error;
mod objects;
mod queue;

pub use error::Error;
pub use objects::{
    Fetched, LocalCopy, MemoryStore, ObjectInfo, ObjectStore, ObjectWriter, PART_BYTES_MIN, PathStyle,
    PresignedGet, PresignedPut, S3Store,
};
pub use queue::{MemoryQueue, Queue, SqsQueue};
