#![doc = include_str!("../README.md")]

pub mod address_resend;
pub mod address_verify;
pub mod authorizer;
mod context;
pub mod identities;
pub mod invitation_accept;
pub mod jwks;
pub mod login;
pub mod logout;
mod mail;
pub mod me;
pub mod mfa;
pub mod oidc;
pub mod password_change;
pub mod password_forgot;
pub mod password_reset;
mod passwords;
pub mod providers;
pub mod refresh;
pub mod register;
mod session;
pub mod sessions_end;
pub mod sessions_list;
#[cfg(test)]
mod setting;
mod tokens;

pub use context::{
    CallbackContext, MailContext, PasswordContext, ProviderContext, RegisterContext, SessionContext,
};
pub use edge::DatabaseContext as Context;
