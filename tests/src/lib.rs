//! The running stack as its users meet it: an HTTP client of the API, one organisation a test, the bucket, the
//! queues and the mail folder. Started by `make test`, named by `E2E_ENDPOINTS`.

mod account;
mod samples;
mod stack;

pub use account::{Account, Answer};
pub use samples::{Sample, known_gaps, reference_csv, samples_of, scenario};
pub use stack::{Stack, encoded_key};
