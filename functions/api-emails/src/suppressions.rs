//! Addresses that get no mail any more.

pub mod lift;
pub mod list;

#[cfg(test)]
mod tests;
