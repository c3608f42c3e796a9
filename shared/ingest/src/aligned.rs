//! Blocks side by side whose rows are in different orders, put together into rows that name one thing.

use std::{collections::HashMap, ops::ControlFlow};

use crate::{
    Refusal,
    cell::{Cell, Row},
    document::{Document, Visitor},
    figures,
    header::Found,
    text,
};

/// Rows that wait for their other parts; a sheet with more is not held in memory.
const MAX_WAITING: usize = 100_000;

/// Where the blocks stand.
struct Blocks<'f> {
    /// The first column of every block but the first.
    starts: Vec<u32>,
    /// Columns of names in the first block, and those that repeat them.
    twins: &'f [(u32, u32)],
}

/// Parts of rows by what they name, in the order in which they came.
#[derive(Default)]
struct Waiting {
    rows: Vec<(Row, u64)>,
    by_key: HashMap<Vec<Option<String>>, Vec<usize>>,
}

/// Rows of a table whose header repeats columns of names further right: where both name the same, as they stand.
pub(crate) fn rows(found: &Found, document: &mut Document, visit: &mut Visitor<'_>) -> Result<(), Refusal> {
    let blocks = Blocks::of(&found.twins);
    let (mut waiting, mut ended, mut too_many) = (Waiting::default(), false, false);
    document.rows(found.sheet, &mut |row| {
        let flow = if !found.covers(row.number) || blocks.agree(row) {
            // A total sums up whatever stands above it.
            if figures::is_total(row) {
                waiting.flush(visit)?;
            }
            visit(row)
        } else {
            for (block, part, key) in blocks.parts(row) {
                waiting.add(block, part, key);
            }
            too_many = waiting.rows.len() > MAX_WAITING;
            if too_many { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        ended = flow.is_break();
        flow
    })?;
    if too_many {
        return Err(Refusal::new(
            "too_many_items",
            "The blocks side by side name different things in too many rows. Please sort them in the same order.",
        ));
    }
    if !ended {
        let _ = waiting.flush(visit);
    }
    Ok(())
}

impl<'f> Blocks<'f> {
    fn of(twins: &'f [(u32, u32)]) -> Self {
        let leftmost = twins.iter().map(|(first, _)| *first).min();
        let starts = twins.iter().filter(|(first, _)| Some(*first) == leftmost).map(|(_, other)| *other);
        let mut starts: Vec<u32> = starts.collect();
        starts.sort_unstable();
        Self { starts, twins }
    }

    fn block_of(&self, column: u32) -> usize {
        self.starts.partition_point(|start| *start <= column)
    }

    /// Whether all blocks of a row name the same, or the further ones nothing.
    fn agree(&self, row: &Row) -> bool {
        let word = |column: u32| row.text(column).map(|text| text::fold(&text));
        self.twins.iter().all(|(first, other)| word(*other).is_none() || word(*first) == word(*other))
    }

    /// The row block by block: its names in the columns of the first block, and its own figures.
    fn parts(&self, row: &Row) -> Vec<(usize, Row, Vec<Option<String>>)> {
        let mut names: Vec<u32> = self.twins.iter().map(|(first, _)| *first).collect();
        names.sort_unstable();
        names.dedup();
        let parts = (0..=self.starts.len()).filter_map(|block| {
            let own = |first: u32| {
                let mut others =
                    self.twins.iter().filter(|(one, other)| *one == first && self.block_of(*other) == block);
                if block == 0 { Some(first) } else { others.next().map(|(_, other)| *other) }
            };
            let is_name = |column: u32| names.iter().any(|first| own(*first) == Some(column));
            let key: Vec<Option<String>> =
                names.iter().map(|first| row.text(own(*first)?).map(|text| text::fold(&text))).collect();
            let named = names.iter().filter_map(|first| Some((*first, row.get(own(*first)?)?.clone())));
            let rest =
                row.cells.iter().filter(|(column, _)| self.block_of(*column) == block && !is_name(*column));
            let mut cells: Vec<(u32, Cell)> = named.chain(rest.cloned()).collect();
            cells.sort_by_key(|(column, _)| *column);
            (!cells.is_empty()).then_some((block, Row { number: row.number, cells }, key))
        });
        parts.collect()
    }
}

impl Waiting {
    /// Adds a part to the row that names the same and lacks its block.
    fn add(&mut self, block: usize, part: Row, key: Vec<Option<String>>) {
        let bit = 1u64 << block.min(63);
        let same = self.by_key.entry(key).or_default();
        let lacks = |index: &&usize| self.rows.get(**index).is_some_and(|(_, blocks)| blocks & bit == 0);
        if let Some((row, blocks)) =
            same.iter().find(lacks).copied().and_then(|index| self.rows.get_mut(index))
        {
            *blocks |= bit;
            for (column, cell) in part.cells {
                if let Err(place) = row.cells.binary_search_by_key(&column, |(column, _)| *column) {
                    row.cells.insert(place, (column, cell));
                }
            }
            return;
        }
        same.push(self.rows.len());
        self.rows.push((part, bit));
    }

    fn flush(&mut self, visit: &mut Visitor<'_>) -> ControlFlow<()> {
        self.by_key.clear();
        for (row, _) in std::mem::take(&mut self.rows) {
            visit(&row)?;
        }
        ControlFlow::Continue(())
    }
}
