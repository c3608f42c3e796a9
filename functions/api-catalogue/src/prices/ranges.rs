//! Which prices of a file can hold beside each other and beside the stored ones.

use std::{
    collections::{BTreeMap, HashMap},
    mem,
};

use chrono::NaiveDate;
use domain::ListPrice;

use crate::{outcome::Reject, table::Row};

/// Product and first day: what says which price it is.
type Key = (String, NaiveDate);

/// The price list as it would be. No two ranges of a product overlap.
pub(super) struct Ranges<'a> {
    held: BTreeMap<Key, Held<'a>>,
    /// Stored prices that a row of the file states anew.
    restated: HashMap<Key, ListPrice>,
}

struct Held<'a> {
    price: ListPrice,
    /// `None`: stored before.
    row: Option<Row<'a>>,
}

fn key(price: &ListPrice) -> Key {
    (price.ean.clone(), price.valid_from)
}

impl<'a> Ranges<'a> {
    /// `stored` are all prices of the file's products; they do not overlap.
    pub(super) fn new(stored: Vec<ListPrice>) -> Self {
        let held = stored.into_iter().map(|price| (key(&price), Held { price, row: None })).collect();
        Self { held, restated: HashMap::new() }
    }

    /// The prices to write. Keys of `rows` occur once. Rows may restate stored ranges in any order (end one, begin the
    /// next); of rows that overlap each other the first is taken.
    pub(super) fn take(
        mut self,
        rows: Vec<(Row<'a>, ListPrice)>,
        rejects: &mut Vec<Reject>,
    ) -> Vec<ListPrice> {
        for (_, price) in &rows {
            if let Some(stored) = self.held.remove(&key(price)) {
                self.restated.insert(key(price), stored.price);
            }
        }
        for (row, price) in rows {
            match self.overlapping(&price) {
                None => drop(self.held.insert(key(&price), Held { price, row: Some(row) })),
                Some(other) => {
                    rejects.push(overlap(&row, &self.held[&other].price));
                    self.give_back(key(&price), rejects);
                }
            }
        }
        let held = mem::take(&mut self.held);
        held.into_values().filter(|held| held.row.is_some()).map(|held| held.price).collect()
    }

    /// The row for this price was rejected: what was stored before it stays, and rows that relied on the change go.
    /// Each row goes at most once, so this ends.
    fn give_back(&mut self, rejected: Key, rejects: &mut Vec<Reject>) {
        let mut open = vec![rejected];
        while let Some(rejected) = open.pop() {
            let Some(stored) = self.restated.remove(&rejected) else { continue };
            while let Some(other) = self.overlapping(&stored) {
                // Stored ranges never overlap, so the other one came with a row.
                if let Some(Held { row: Some(row), .. }) = self.held.remove(&other) {
                    rejects.push(overlap(&row, &stored));
                }
                open.push(other);
            }
            self.held.insert(rejected, Held { price: stored, row: None });
        }
    }

    /// A held range of the same product that shares a day with `price`: if any does, then the last one that begins
    /// no later than `price` ends.
    fn overlapping(&self, price: &ListPrice) -> Option<Key> {
        let last_day = price.valid_to.unwrap_or(NaiveDate::MAX);
        let span = (price.ean.clone(), NaiveDate::MIN)..=(price.ean.clone(), last_day);
        let (key, held) = self.held.range(span).next_back()?;
        held.price.valid_to.is_none_or(|end| end >= price.valid_from).then(|| key.clone())
    }
}

fn overlap(row: &Row, other: &ListPrice) -> Reject {
    let end = other.valid_to.map_or_else(|| "open end".to_owned(), |end| end.to_string());
    let message =
        format!("It overlaps the price that holds from {} to {end}; end that one first.", other.valid_from);
    row.reject("valid_from", "range_overlaps", message)
}
