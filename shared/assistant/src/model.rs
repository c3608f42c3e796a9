//! Asking a language model what a question means, where the built-in reading does not know. What it says is a proposal: a plan or a
//! statement, never an answer, and is checked as if an attacker had written it.

mod brief;
mod guard;
mod pieces;
mod proposal;

pub use brief::{Brief, Example, Near};
pub use guard::guarded;
pub use pieces::{discreet, pieces};
pub use proposal::Proposal;

#[cfg(test)]
mod tests;
