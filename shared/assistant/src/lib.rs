#![doc = include_str!("../README.md")]

mod calendar;
mod chart;
mod entities;
mod items;
mod lexicon;
mod model;
mod plan;
mod reading;
mod suggestions;
mod table;
mod tokens;
mod wording;

pub use calendar::{Calendar, Days};
pub use chart::chart;
pub use entities::{Knowledge, KnownProduct, World};
pub use model::{Brief, Example, Near, Proposal, discreet, guarded, pieces};
pub use plan::{Bound, Direction, Having, Plan, ROWS_MAX, Shape};
pub use reading::{Choice, Memory, Reading, noun, read};
pub use suggestions::suggestions;
pub use table::{
    Cell, Column, Computed, Kind, PriceSpread, Series, Table, estimate, tabulate, tabulate_prices,
};
pub use wording::{describe, sentence};
