#![doc = include_str!("../README.md")]

mod judge;
mod look;
mod words;

pub use judge::Judgement;
pub use look::{Expected, Fault, Found, Look, last_period, look};
pub use words::{in_words, query, tell};
