//! The crate as its users see it: whole files in, rows and reports out.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod damage;
mod doubtful;
mod grids;
mod hostile;
mod ledger;
mod sections;
mod system;
mod truth;
mod unknown;
mod variations;
