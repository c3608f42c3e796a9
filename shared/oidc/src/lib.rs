#![doc = include_str!("../README.md")]

mod attempt;
mod error;
mod id_token;
mod keys;
mod metadata;
mod provider;
mod settings;
mod transport;

pub use attempt::Attempt;
pub use error::Error;
pub use id_token::Identity;
pub use provider::Provider;
pub use settings::Settings;
