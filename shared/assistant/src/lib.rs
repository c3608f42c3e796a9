#![doc = include_str!("../README.md")]

mod calendar;
mod chart;
mod entities;
mod items;
mod lexicon;
mod plan;
mod reading;
mod table;
mod tokens;
mod wording;

pub use calendar::{Calendar, Days};
pub use chart::chart;
pub use entities::{Knowledge, KnownProduct, World};
pub use plan::{Bound, Direction, Having, Plan, ROWS_MAX, Shape};
pub use reading::{Choice, Memory, Reading, noun, read};
pub use table::{Cell, Column, Computed, Kind, Table, tabulate};
pub use wording::{describe, sentence};
