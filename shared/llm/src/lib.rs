#![doc = include_str!("../README.md")]

mod anthropic;
mod embedder;
mod endpoint;
mod error;
mod model;
mod panel;
mod transport;

pub use embedder::{Embedded, Embedder, EmbedderSettings};
pub use error::Error;
pub use model::{Dialect, Model, PATIENCE, Reply, Settings, Shape, Usage};
pub use panel::{Answered, Call, Panel};
