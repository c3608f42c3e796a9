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

/// The routes of this crate, for the API document.
#[must_use]
pub fn operations() -> Vec<edge::openapi::Operation> {
    vec![
        address_resend::operation(),
        address_verify::operation(),
        jwks::operation(),
        mfa::sign_in::operation(),
        login::operation(),
        logout::operation(),
        me::operation(),
        refresh::operation(),
        register::operation(),
        identities::link::operation(),
        identities::list::operation(),
        identities::unlink::operation(),
        providers::operation(),
        invitation_accept::operation(),
        mfa::begin::operation(),
        mfa::confirm::operation(),
        mfa::remove::operation(),
        oidc::finish::operation(),
        oidc::start::operation(),
        password_change::operation(),
        password_forgot::operation(),
        password_reset::operation(),
        sessions_end::operation(),
        sessions_list::operation(),
    ]
}
