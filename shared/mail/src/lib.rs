#![doc = include_str!("../README.md")]

mod address;
mod error;
mod mailer;
mod message;
mod templates;
mod view;

pub use address::{Address, Mailbox};
pub use error::Error;
pub use mailer::{Failure, Mailer, MemoryMailer, SesMailer};
pub use message::compose;
pub use templates::{Additions, Download, Rendered, Templates};
