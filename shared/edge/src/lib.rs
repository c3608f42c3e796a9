#![doc = include_str!("../README.md")]

pub mod aws;
pub mod callers;
pub mod config;
mod database;
mod error;
pub mod http;
pub mod invocation;
pub mod openapi;
pub mod page;
mod panics;
mod permission;
pub mod secrets;
pub mod sqs;
pub mod telemetry;
pub mod tokens;

/// What an `async fn` gives, as a value: handlers and contexts give it.
///
/// The code of an `async fn` is made anew in every crate that awaits it; that of one of these stays in its own crate, which spares each
/// of nearly two hundred binaries some seconds.
pub type Boxed<'a, T> = std::pin::Pin<Box<dyn Future<Output = T> + Send + 'a>>;

pub use database::DatabaseContext;
pub use error::{ApiError, Error, FieldError};
pub use permission::{Permission, Principal};
