//! The crate as its users see it: whole files in, rows and reports out.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod system;
mod truth;
