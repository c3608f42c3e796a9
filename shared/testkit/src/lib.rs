#![doc = include_str!("../README.md")]
#![expect(clippy::expect_used, reason = "tests stop at the first thing that is not as it should be")]

mod database;
mod death;
mod event;
mod identity_provider;
mod model_server;

pub use database::{PASSWORD, Seeded, TestDatabase, WALL_KEY};
pub use death::dies_after;
pub use event::event;
pub use identity_provider::{Forgery, IdentityProvider, Person, signed};
pub use model_server::{Heard, ModelServer, Said};
