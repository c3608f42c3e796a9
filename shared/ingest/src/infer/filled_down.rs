//! Columns whose cells stand only where they change.

use std::borrow::Cow;

use super::{band::Column, identity::Columns, sample::figure, sections::Rows};
use crate::{
    cell::Row,
    profile::{Role, Sections},
};

/// Finds them; those of stores have rules of their own. Another column must say in every row what it is about, so that a
/// row without any name is seen for what it is.
pub(super) fn find(rows: &Rows<'_>, columns: &Columns<'_>, sections: Option<&Sections>) -> Vec<u32> {
    let data = data(rows, columns, sections);
    let named: Vec<&&Column> =
        columns.iter().filter(|(role, _)| !role.is_figure()).map(|(_, column)| column).collect();
    let filled = |column: &Column| data.iter().filter(|row| row.get(column.index).is_some()).count();
    if data.len() < 3 || !named.iter().any(|column| filled(column) == data.len()) {
        return Vec::new();
    }
    const FILLED: [Role; 12] = [
        Role::Date,
        Role::Year,
        Role::Month,
        Role::Period,
        Role::WeekEnding,
        Role::WeekStarting,
        Role::Ean,
        Role::Sku,
        Role::Code,
        Role::Name,
        Role::Country,
        Role::City,
    ];
    let sparse = FILLED.iter().filter_map(|role| columns.get(role)).filter(|column| {
        let cells: Vec<Option<String>> =
            data.iter().map(|row| row.text(column.index).map(|text| text.into_owned())).collect();
        let words: Vec<&String> = cells.iter().flatten().collect();
        let changes = words.windows(2).all(|pair| pair.first() != pair.last());
        let share = words.len() * 10 <= cells.len() * 8;
        cells.first().is_some_and(Option::is_some) && words.len() < cells.len() && share && changes
    });
    if columns.contains_key(&Role::OrderId) {
        Vec::new()
    } else {
        sparse.map(|column| column.index).collect()
    }
}

/// Rows with figures that are no section.
pub(super) fn data<'r>(
    rows: &'r Rows<'_>,
    columns: &Columns<'_>,
    sections: Option<&Sections>,
) -> Vec<&'r Row> {
    let is_row = |row: &&Cow<'_, Row>| {
        rows.figures
            .iter()
            .any(|(column, dialect)| row.get(*column).is_some_and(|cell| figure(cell, *dialect).is_some()))
            && !sections.is_some_and(|rule| is_section(row, rule, columns))
    };
    rows.data.iter().filter(is_row).map(|row| row.as_ref()).collect()
}

fn is_section(row: &Row, rule: &Sections, columns: &Columns<'_>) -> bool {
    let blank = |role: &Role| columns.get(role).is_none_or(|column| row.get(column.index).is_none());
    !rule.blank.is_empty() && rule.blank.iter().all(blank)
}
