//! Tables without headers: columns by their position.

use std::collections::BTreeMap;

use super::{Column, Found, Group};
use crate::{
    cell::{Cell, Row, column_letters},
    date::{self, Order},
    number,
    profile::{Role, Table},
};

/// A table without headers is told by its columns alone: figures and dates must stand where they are expected.
pub(super) fn locate(table: &Table, rows: &[Row]) -> Option<Found> {
    let fits = |row: &&Row| {
        table.required.iter().all(|role| {
            let cell = table.positions.get(role).and_then(|column| row.get(*column));
            cell.is_some_and(|cell| match role {
                role if role.is_figure() => is_number(cell),
                Role::Date => is_date(cell),
                Role::Ean => domain::normalise_ean(&cell.text()).is_some(),
                _ => true,
            })
        })
    };
    let fitting = rows.iter().filter(fits).count();
    let first = rows.iter().find(|row| fits(row))?;
    // A total and some notes may stand among the rows.
    if fitting * 10 < rows.len() * 8 {
        return None;
    }
    let column = |(role, index): (&Role, &u32)| {
        (*role, Column { index: *index, header: format!("column {}", column_letters(*index)) })
    };
    let columns: BTreeMap<Role, Column> = table.positions.iter().map(column).collect();
    Some(Found {
        header_row: first.number.saturating_sub(1),
        groups: Group::flat(&columns),
        columns,
        ..Found::default()
    })
}

fn is_number(cell: &Cell) -> bool {
    match cell {
        Cell::Number(_) => true,
        Cell::Text(text) => number::is_number(text),
        Cell::Date(_) | Cell::Bool(_) | Cell::Error(_) => false,
    }
}

fn is_date(cell: &Cell) -> bool {
    match cell {
        Cell::Date(_) => true,
        Cell::Text(text) => {
            [Order::DayFirst, Order::MonthFirst].iter().any(|order| date::parse(text, *order).is_some())
        }
        Cell::Number(_) | Cell::Bool(_) | Cell::Error(_) => false,
    }
}
