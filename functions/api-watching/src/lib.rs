#![doc = include_str!("../README.md")]

pub mod alerts;
mod context;
pub mod late_files;

pub use context::MailContext;

/// The routes of this crate, for the API document.
#[must_use]
pub fn operations() -> Vec<edge::openapi::Operation> {
    vec![
        alerts::checks::operation(),
        alerts::create::operation(),
        alerts::delete::operation(),
        alerts::get::operation(),
        alerts::list::operation(),
        alerts::pause::operation(),
        alerts::resume::operation(),
        alerts::test::operation(),
        alerts::update::operation(),
        late_files::approve::operation(),
        late_files::dismiss::operation(),
        late_files::get::operation(),
        late_files::list::operation(),
        late_files::update::operation(),
    ]
}

#[cfg(test)]
mod tests;
