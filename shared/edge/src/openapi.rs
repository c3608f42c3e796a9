//! What the API document says of the routes. Each route describes itself in one place, beside its handler, by the very types
//! that it reads and writes; [`document`] puts all of them together.

mod document;
mod example;
mod operation;
mod problems;
mod schemas;
mod sharing;

pub use document::{Info, document};
pub use operation::{Header, Operation};
pub use schemas::SchemaOf;

#[cfg(test)]
mod tests;
