//! The second factor: time-based codes, and recovery codes for who has lost them.

pub mod begin;
pub(crate) mod challenge;
pub mod confirm;
mod proof;
mod recovery;
pub mod remove;
mod sealed;
pub mod sign_in;
mod totp;

pub(crate) use sealed::Seal;

#[cfg(test)]
mod tests;
