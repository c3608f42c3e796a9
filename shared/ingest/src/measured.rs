//! Pieces and money of an item that stand in rows of their own, one below the other or block by block, put together
//! into one row.

use std::{
    collections::{BTreeSet, HashMap, VecDeque},
    ops::ControlFlow,
};

use crate::{
    Refusal, aligned,
    cell::{Cell, Row, SHEET_COLUMNS},
    document::{Document, Visitor},
    figures,
    header::Found,
    profile::{Measure, Measured, Table},
    text,
};

/// Items that wait for their other row; a sheet with more is not held in memory.
const MAX_WAITING: usize = 100_000;

/// How the rows of a table are put together.
#[derive(Debug, Clone)]
pub(crate) enum Rule {
    /// A column says what the figures of its row are.
    Column { column: u32, words: Vec<(String, Measure)> },
    /// The header comes again below the title of the other measure.
    Blocks { header: Vec<(u32, String)>, first: Measure, words: Vec<(String, Measure)> },
}

impl Rule {
    /// The column that says what its rows measure.
    pub(crate) fn column(&self) -> Option<u32> {
        match self {
            Self::Column { column, .. } => Some(*column),
            Self::Blocks { .. } => None,
        }
    }

    /// Finds the column whose cells are the words of a profile; `None` when no column has words of both measures.
    pub(crate) fn of_column(measured: &Measured, below: &[Row], figures: &BTreeSet<u32>) -> Option<Self> {
        let own =
            |list: &[String], measure| list.iter().map(move |word| (text::fold(word), measure)).collect();
        let mut words: Vec<(String, Measure)> = own(&measured.quantity, Measure::Quantity);
        words.extend::<Vec<_>>(own(&measured.amount, Measure::Amount));
        let mut seen: HashMap<u32, ([bool; 2], usize)> = HashMap::new();
        for (column, cell) in below.iter().flat_map(|row| &row.cells) {
            let Cell::Text(word) = cell else { continue };
            if let Some(measure) = measure_of(&words, word).filter(|_| !figures.contains(column)) {
                let (both, count) = seen.entry(*column).or_default();
                both[measure.index()] = true;
                *count += 1;
            }
        }
        let both = seen.into_iter().filter(|(_, (both, _))| *both == [true; 2]);
        let (column, _) = both.max_by_key(|(column, (_, count))| (*count, std::cmp::Reverse(*column)))?;
        Some(Self::Column { column, words })
    }

    /// Blocks below each other that have the same header.
    pub(crate) fn of_blocks(table: &Table, found: &Found, header: &Row) -> Option<Self> {
        let words = crate::header::measure_words(table);
        let first = match found.groups.first()? {
            group if group.quantity.is_some() => Measure::Quantity,
            _ => Measure::Amount,
        };
        let header =
            header.cells.iter().map(|(column, cell)| (*column, text::compact(&cell.text()))).collect();
        Some(Self::Blocks { header, first, words })
    }
}

fn measure_of(words: &[(String, Measure)], word: &str) -> Option<Measure> {
    let word = text::fold(word);
    words.iter().find(|(known, _)| *known == word).map(|(_, measure)| *measure)
}

/// An item whose other measure has not come yet.
struct Waiting {
    row: Row,
    key: Vec<(u32, String)>,
    has: [bool; 2],
}

/// Puts rows together while they are read.
struct Joiner<'f> {
    found: &'f Found,
    rule: &'f Rule,
    figures: BTreeSet<u32>,
    waiting: VecDeque<Option<Waiting>>,
    /// Items that are no longer in the queue.
    gone: usize,
    by_key: HashMap<Vec<(u32, String)>, Vec<usize>>,
    last: Option<usize>,
    /// Of blocks: what the present one measures, and what the title of the next one says.
    measure: Option<Measure>,
    said: Option<Measure>,
    seen: [bool; 2],
    fault: Option<Refusal>,
}

impl Found {
    /// The rows of the table's sheet: as they stand, or those of an item put together. Figures of money that come from
    /// a row of their own stand [`SHEET_COLUMNS`] further right.
    pub(crate) fn rows(&self, document: &mut Document, visit: &mut Visitor<'_>) -> Result<(), Refusal> {
        let rule = match &self.measured {
            Some(rule) => rule,
            None if self.twins.is_empty() => return document.rows(self.sheet, visit),
            None => return aligned::rows(self, document, visit),
        };
        let mut joiner = Joiner::new(self, rule);
        let mut ended = false;
        document.rows(self.sheet, &mut |row| {
            let flow = if self.covers(row.number) { joiner.row(row, visit) } else { visit(row) };
            ended = flow.is_break();
            if joiner.fault.is_some() { ControlFlow::Break(()) } else { flow }
        })?;
        joiner.finish(ended, visit)
    }
}

/// The rows below a header, put together.
pub(crate) fn joined(found: &Found, rows: &[Row]) -> Vec<Row> {
    let Some(rule) = &found.measured else { return rows.to_vec() };
    let mut all = Vec::new();
    let mut joiner = Joiner::new(found, rule);
    let mut keep = |row: &Row| {
        all.push(row.clone());
        ControlFlow::Continue(())
    };
    for row in rows {
        let _ = joiner.row(row, &mut keep);
    }
    let _ = joiner.flush(&mut keep);
    all
}

impl<'f> Joiner<'f> {
    fn new(found: &'f Found, rule: &'f Rule) -> Self {
        Self {
            found,
            rule,
            figures: found.figure_columns().filter(|column| *column < SHEET_COLUMNS).collect(),
            waiting: VecDeque::new(),
            gone: 0,
            by_key: HashMap::new(),
            last: None,
            measure: match rule {
                Rule::Blocks { first, .. } => Some(*first),
                Rule::Column { .. } => None,
            },
            said: None,
            seen: [false; 2],
            fault: None,
        }
    }

    fn row(&mut self, row: &Row, visit: &mut Visitor<'_>) -> ControlFlow<()> {
        match self.rule {
            Rule::Column { column, words } => {
                let measure = row.text(*column).and_then(|word| measure_of(words, &word));
                let has_figures = self.figures.iter().any(|column| row.get(*column).is_some());
                match measure {
                    Some(measure) => self.join(row, measure, Some(*column), visit),
                    // Figures of which nothing says what they are: the row must not pass for one that is put together.
                    None if has_figures && row.get(*column).is_none() => {
                        let mut row = row.clone();
                        row.cells.push((*column, Cell::Text("?".to_owned())));
                        row.cells.sort_by_key(|(column, _)| *column);
                        visit(&row)
                    }
                    None => visit(row),
                }
            }
            Rule::Blocks { header, words, .. } => self.in_blocks(row, header, words, visit),
        }
    }

    fn in_blocks(
        &mut self,
        row: &Row,
        header: &[(u32, String)],
        words: &[(String, Measure)],
        visit: &mut Visitor<'_>,
    ) -> ControlFlow<()> {
        let same = |(column, title): &&(u32, String)| {
            row.get(*column).is_some_and(|cell| text::compact(&cell.text()) == *title)
        };
        let same = header.iter().filter(same).count();
        let has_figures = self.figures.iter().any(|column| row.get(*column).is_some());
        match &row.cells[..] {
            _ if same == header.len() => {
                self.measure = self.said.take();
                self.last = None;
                ControlFlow::Continue(())
            }
            // Other columns than those of the first block would be read for what they are not.
            _ if same * 2 > header.len() => {
                self.fault = Some(Refusal::new(
                    "no_table",
                    "The blocks of the sheet have different columns. Please send them as sheets of their own.",
                ));
                ControlFlow::Break(())
            }
            [(_, Cell::Text(title))] if !has_figures => {
                self.said =
                    words.iter().find(|(word, _)| *word == text::compact(title)).map(|(_, measure)| *measure);
                visit(row)
            }
            _ if !has_figures => visit(row),
            _ => match self.measure {
                Some(measure) => self.join(row, measure, None, visit),
                // A block of something else, such as stock.
                None => ControlFlow::Continue(()),
            },
        }
    }

    /// Adds a row to the item that waits for it, or lets it wait.
    fn join(
        &mut self,
        row: &Row,
        measure: Measure,
        without: Option<u32>,
        visit: &mut Visitor<'_>,
    ) -> ControlFlow<()> {
        self.seen[measure.index()] = true;
        let (mut key, mut cells) = (Vec::new(), Vec::new());
        for (column, cell) in &row.cells {
            match (self.figures.contains(column), measure) {
                (false, _) if Some(*column) == without => {}
                (false, _) => key.push((*column, text::fold(&cell.text()))),
                (true, Measure::Quantity) => cells.push((*column, cell.clone())),
                (true, Measure::Amount) => cells.push((column + SHEET_COLUMNS, cell.clone())),
            }
        }
        let slot = measure.index();
        let Some(index) = self.partner(&key, slot) else {
            let mut has = [false; 2];
            has[slot] = true;
            let is_name =
                |(column, _): &&(u32, Cell)| !self.figures.contains(column) && Some(*column) != without;
            let named = row.cells.iter().filter(is_name).cloned();
            let mut all: Vec<(u32, Cell)> = named.chain(cells).collect();
            all.sort_by_key(|(column, _)| *column);
            let index = self.gone + self.waiting.len();
            self.by_key.entry(key.clone()).or_default().push(index);
            self.last = Some(index);
            self.waiting.push_back(Some(Waiting { row: Row { number: row.number, cells: all }, key, has }));
            if self.waiting.len() > MAX_WAITING {
                self.fault = Some(Refusal::new(
                    "too_many_items",
                    "Pieces and money stand too far from each other. Please send a report with both in one row.",
                ));
            }
            return ControlFlow::Continue(());
        };
        let Some(mut item) = index.checked_sub(self.gone).and_then(|at| self.waiting.get_mut(at)?.take())
        else {
            return ControlFlow::Continue(());
        };
        self.forget(&item.key, index);
        item.row.cells.extend(cells);
        item.row.cells.sort_by_key(|(column, _)| *column);
        // A total sums up whatever stands above it.
        if figures::is_total(&item.row) {
            self.flush(visit)?;
        }
        visit(&item.row)
    }

    /// The item that lacks this measure: the last one, when the row says nothing else than it, or one of the same names.
    fn partner(&self, key: &[(u32, String)], slot: usize) -> Option<usize> {
        let lacks = |index: &usize| {
            let item = index.checked_sub(self.gone).and_then(|at| self.waiting.get(at)?.as_ref());
            item.is_some_and(|item| !item.has.get(slot).copied().unwrap_or(true))
        };
        let last = self.last.filter(lacks).filter(|index| {
            let item = index.checked_sub(self.gone).and_then(|at| self.waiting.get(at)?.as_ref());
            item.is_some_and(|item| key.iter().all(|cell| item.key.contains(cell)))
        });
        last.or_else(|| self.by_key.get(key)?.iter().copied().find(lacks))
    }

    fn forget(&mut self, key: &[(u32, String)], index: usize) {
        if let Some(indices) = self.by_key.get_mut(key) {
            indices.retain(|other| *other != index);
            if indices.is_empty() {
                self.by_key.remove(key);
            }
        }
        while self.waiting.front().is_some_and(Option::is_none) {
            self.waiting.pop_front();
            self.gone += 1;
        }
    }

    /// Hands out what waited in vain.
    fn flush(&mut self, visit: &mut Visitor<'_>) -> ControlFlow<()> {
        self.by_key.clear();
        self.last = None;
        while let Some(item) = self.waiting.pop_front() {
            self.gone += 1;
            if let Some(item) = item {
                visit(&item.row)?;
            }
        }
        ControlFlow::Continue(())
    }

    fn finish(mut self, ended: bool, visit: &mut Visitor<'_>) -> Result<(), Refusal> {
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        if !ended {
            let _ = self.flush(visit);
        }
        if self.seen == [true; 2] {
            return Ok(());
        }
        Err(Refusal::new(
            "no_table",
            format!(
                "The table below row {} has either pieces or money, but this layout has both.",
                self.found.header_row
            ),
        ))
    }
}
