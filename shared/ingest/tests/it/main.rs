//! The crate as its users see it: whole files in, rows and reports out.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod advice;
mod collateral;
mod doubtful;
mod fuzz;
mod grids;
mod hostile;
mod ledger;
mod limits;
mod measures;
mod roundtrip;
mod sections;
mod silent;
mod stated;
mod stripped;
mod system;
mod truth;
mod unknown;
mod variations;
mod written;
