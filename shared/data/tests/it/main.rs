//! Everything of this crate against a real Postgres.
#![expect(clippy::unwrap_used, reason = "tests stop at the first thing that is not as it should be")]

mod audit;
mod booking;
mod books;
mod catalogue;
mod coverage;
mod crowd;
mod emails;
mod gated;
mod history;
mod idempotency_keys;
mod levels;
mod manual;
mod model_calls;
mod quotas;
mod rematch;
mod replay;
mod reporting;
mod rights;
mod sales;
mod sessions;
mod stores;
mod wall;
