#![doc = include_str!("../README.md")]

mod accept;
mod aligned;
mod calendar;
mod cell;
mod date;
mod detect;
mod document;
mod doubt;
mod figures;
mod file_name;
mod header;
mod infer;
mod measured;
mod memo;
mod month;
mod number;
mod original;
mod parse;
mod period;
mod pivot;
mod plausible;
mod profile;
mod report;
mod span;
mod survey;
mod table;
mod text;

pub use cell::{Cell, Row};
pub use infer::advice::{Advice, Brief, InvalidAdvice, weigh};
pub use original::Original;
pub use parse::parse;
pub use profile::{InvalidProfile, Profile, ProfileError, Profiles};
pub use report::{Input, Refusal};

/// Rejected rows kept with their details; more are only counted. Nobody works through more by hand, and a
/// hostile file must not fill the memory with them.
pub const MAX_REJECTS_KEPT: usize = 10_000;
