#![doc = include_str!("../README.md")]

mod address;
mod error;
mod limits;
mod mailer;
mod message;
pub mod reminder;
pub mod reports;
mod samples;
mod templates;
mod view;
pub mod wording;

pub use address::{Address, Mailbox};
pub use error::Error;
pub use limits::{MAX_CSV_BYTES, MAX_PDF_BYTES, MAX_XLSX_BYTES, max_attached_bytes, media_type};
pub use mailer::{Failure, Mailer, MemoryMailer, SesMailer, SmtpMailer, Tags};
pub use message::{Attachment, Envelope, compose};
pub use samples::sample;
pub use templates::{Additions, Download, Rendered, Templates};
pub use wording::Words;
