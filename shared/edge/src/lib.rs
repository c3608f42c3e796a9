#![doc = include_str!("../README.md")]

pub mod aws;
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

pub use database::DatabaseContext;
pub use error::{ApiError, Error, FieldError};
pub use permission::{Permission, Principal};
