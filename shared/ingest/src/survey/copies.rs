//! Columns of a grid under the same words.

use domain::Question;

use crate::{
    detect::{ALL_PLACES, PLACES},
    header::Found,
    parse,
};

/// Columns under the same words with other figures.
pub(super) fn question(cell: &str, tables: &[&Found]) -> Option<Question> {
    let found = tables.iter().find(|found| !found.copies.is_empty())?;
    let (first, _) = found.copies.first()?;
    let group =
        found.groups.iter().find(|group| group.quantity == Some(*first) || group.amount == Some(*first));
    let title = group.map_or("", |group| group.title.as_str());
    let count = 1 + found.copies.iter().filter(|(other, _)| other == first).count();
    let mut options: Vec<(&str, String, &str)> = Vec::new();
    options.extend(
        PLACES.iter().take(count).map(|place| (*place, format!("The {place} one counts"), "its place")),
    );
    options.push((ALL_PLACES, "All of them count".to_owned(), "they are added"));
    Some(Question {
        cell: Some(cell.to_owned()),
        ..parse::question(
            "column",
            "column_ambiguous",
            &format!("Several columns are headed \"{title}\", and their figures differ. Which one counts?"),
            options.iter().map(|(place, label, evidence)| (*place, label.as_str(), *evidence)).collect(),
        )
    })
}
