//! Categories: words of the catalogue.

pub mod list;
pub mod rename;

#[cfg(test)]
mod tests;
