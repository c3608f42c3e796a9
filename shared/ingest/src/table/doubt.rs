//! Lines that do not fit the table they stand in. What they mean is asked: reading on would book something else as sales.

use std::{
    collections::HashSet,
    hash::{DefaultHasher, Hash, Hasher},
};

use rust_decimal::Decimal;

use super::{Outcome, Table, line::Kind};
use crate::{
    accept::Printed,
    cell::{Cell, Row, SHEET_COLUMNS, address},
    doubt::Doubt,
    figures, infer, number,
    profile::Role,
    text,
};

/// Beginnings of words that announce something else than sales, and phrases that do.
const OTHER_WORDS: [&str; 36] = [
    "cumulat",
    "kumul",
    "cumul",
    "acumul",
    "narast",
    "ytd",
    "return",
    "refund",
    "retour",
    "gutschrift",
    "rückgabe",
    "storn",
    "cancel",
    "annul",
    "rembours",
    "devoluci",
    "reembols",
    "resi",
    "rimbors",
    "zwrot",
    "vratk",
    "iade",
    "возврат",
    "повернен",
    "budget",
    "target",
    "forecast",
    "vorjahr",
    "stock",
    "bestand",
    "inventory",
    "tester",
    "sample",
    "lager",
    "magazzino",
    "lastyear",
];
const OTHER_PHRASES: [&str; 8] = [
    "year to date",
    "seit jahresbeginn",
    "last year",
    "previous year",
    "prior year",
    "année précédente",
    "anno precedente",
    "año anterior",
];
/// What a line without a product of its own may say instead of one: a part of what stands above it.
const PARTS: [&str; 10] = [
    "of which ",
    "thereof ",
    "davon ",
    "darunter ",
    "dont ",
    "di cui ",
    "w tym ",
    "waarvan ",
    "z toho ",
    "de los cuales ",
];
/// Taxes, costs and discounts of everything above.
const EXTRAS: [&str; 24] = [
    "vat",
    "mwst",
    "ust",
    "tva",
    "iva",
    "btw",
    "dph",
    "tax",
    "taxes",
    "shipping",
    "versand",
    "versandkosten",
    "porto",
    "delivery",
    "postage",
    "discount",
    "discounts",
    "rabatt",
    "remise",
    "sconto",
    "descuento",
    "rabat",
    "fees",
    "commission",
];
/// Rows of a sheet that are compared with those of others.
const MAX_COMPARED: usize = 50_000;
/// Longer texts are notes.
const TITLE_CHARS: usize = 60;

/// What was seen of a table besides its rows.
#[derive(Default)]
pub(super) struct Seen {
    /// The last column of the header, where the lines of a text file tell.
    width: Option<u32>,
    /// The title that announces what stands below it.
    announced: Option<(u32, String)>,
    /// The rows taken, by hash, where other sheets may repeat them.
    rows: HashSet<u64>,
    /// The rows taken, by hash and number, in their order.
    order: Vec<(u64, u32)>,
}

impl Table<'_, '_> {
    /// Measures the header of a text file. In a workbook notes may stand beside a table.
    pub(super) fn measure(&mut self, row: &Row) {
        if self.found.sheet_name.is_none()
            && row.number <= self.found.header_row
            && let Some((last, _)) = row.cells.last()
        {
            self.seen.width = self.seen.width.max(Some(*last));
        }
    }

    /// Whether a line is the header of another table. A person says whether that table belongs to this one.
    pub(super) fn is_other_header(&mut self, row: &Row) -> bool {
        /// Fewer words may stand anywhere.
        const MIN_CELLS: usize = 3;
        let is_text = |cell: &Cell| matches!(cell, Cell::Text(text) if !number::is_number(text));
        let mut figures = self.found.figure_columns().filter_map(|column| row.get(column)).peekable();
        // Right below the header stands what describes its columns.
        if self.layout.grid.is_some()
            || self.rows == 0
            || row.cells.len() < MIN_CELLS
            || figures.peek().is_none()
            || !figures.all(is_text)
            || !row.cells.iter().all(|(_, cell)| is_text(cell))
        {
            return false;
        }
        let words = row.cells.iter().filter(|(_, cell)| infer::is_header_word(&cell.text())).count();
        if words < 2 || words * 2 < row.cells.len() {
            return false;
        }
        match self.acceptor.answer(Doubt::TABLES) {
            Some("above") => self.ended = true,
            Some(_) => {}
            None => {
                let own = [Role::Quantity, Role::Amount]
                    .into_iter()
                    .filter_map(|role| self.found.columns.get(&role));
                let mut pairs = own.filter_map(|own| Some((own.header.as_str(), row.text(own.index)?)));
                let alike = pairs.all(|(own, other)| infer::are_alike(own, &other));
                self.acceptor.doubt(Doubt::OtherHeader { row: row.number, alike });
            }
        }
        true
    }

    /// Whether a line right below the header says what its figures are counted in: `pcs`, `EUR`.
    pub(super) fn describes_columns(&self, row: &Row) -> bool {
        let mut figures = self.found.figure_columns().filter_map(|column| row.get(column)).peekable();
        let is_unit = |cell: &Cell| matches!(cell, Cell::Text(text) if !text.contains(|c: char| c.is_ascii_digit()) && !number::is_nothing(text));
        self.rows == 0
            && figures.peek().is_some()
            && figures.all(is_unit)
            && row.cells.iter().all(|(_, cell)| is_unit(cell))
    }

    /// Takes note of a title between the rows.
    pub(super) fn announce(&mut self, row: &Row) {
        let [(_, Cell::Text(title))] = &row.cells[..] else { return };
        if title.chars().count() > TITLE_CHARS {
            return;
        }
        let folded = text::fold(title);
        let words = text::words(title);
        let other = words.iter().any(|word| OTHER_WORDS.iter().any(|other| begins(word, other)))
            || OTHER_PHRASES.iter().any(|phrase| folded.contains(phrase));
        self.seen.announced = other.then(|| (row.number, title.trim().to_owned()));
    }

    /// Whether a line stands among the products without being one. A person says whether it counts.
    pub(super) fn is_side_line(&mut self, row: &Row, product: &Printed) -> bool {
        // Where no column has names, those of such lines stand among the codes.
        let named = self.found.column(Role::Name).or(self.found.column(Role::Article)).is_some();
        let codes = [&product.ean, &product.code, &product.sku, &product.reference];
        let mut label = product.name.as_deref();
        if !named {
            label = codes.iter().find_map(|code| code.as_deref()).or(label);
        }
        let Some(name) = label else { return false };
        let own = [Role::OrderId, Role::Date].iter().any(|role| self.found.column(*role).is_some());
        if own || named && codes.iter().any(|code| code.is_some()) {
            return false;
        }
        let folded = text::fold(name);
        let words = text::words(name);
        let is_extra = words.split_first().is_some_and(|(first, rest)| {
            EXTRAS.contains(&first.as_str())
                && rest.iter().all(|word| word.bytes().all(|b| b.is_ascii_digit()))
        });
        if !(is_extra
            || figures::begins_with_total(name)
            || PARTS.iter().any(|part| folded.starts_with(part)))
        {
            return false;
        }
        match self.acceptor.answer(Doubt::LINES) {
            Some("ignore") => return true,
            Some(_) => {}
            None => self.acceptor.doubt(Doubt::SideLine { row: row.number, name: name.to_owned() }),
        }
        false
    }

    /// What a person said about the rows below such a title.
    pub(super) fn announced_kind(&self) -> Option<Kind> {
        self.seen.announced.as_ref()?;
        match self.acceptor.answer(Doubt::SECTION)? {
            "return" => Some(Kind::Return),
            "ignore" => Some(Kind::Ignored),
            _ => None,
        }
    }

    /// Doubts about a row that was taken.
    pub(super) fn doubt(&mut self, row: &Row, outcome: &Outcome) {
        if !matches!(outcome, Outcome::Taken) {
            return;
        }
        if let Some((at, title)) = self.seen.announced.clone()
            && self.acceptor.answer(Doubt::SECTION).is_none()
        {
            self.acceptor.doubt(Doubt::Section { row: at, title });
        }
        let last = row.cells.iter().map(|(column, _)| column % SHEET_COLUMNS).max();
        if let (Some(width), Some(last)) = (self.seen.width, last)
            && last > width
            && self.acceptor.answer(Doubt::CELLS).is_none()
        {
            self.acceptor.doubt(Doubt::Longer { cell: address(last, row.number) });
        }
        // Further rows cannot repeat those above any more than they do already.
        if self.seen.order.len() < MAX_COMPARED && self.cut.is_main() {
            let mut hasher = DefaultHasher::new();
            for (column, cell) in &row.cells {
                (column, cell.text()).hash(&mut hasher);
            }
            let hash = hasher.finish();
            self.seen.order.push((hash, row.number));
            if self.layout.all_sheets {
                self.seen.rows.insert(hash);
            }
        }
    }

    /// A row that names no store: nobody has said yet what such rows are.
    pub(super) fn doubt_store(&mut self, row: &Row) {
        let rule = &self.acceptor.layout().store;
        let is_known = rule.may_lack || rule.name.is_some() || self.found.column(Role::OrderId).is_some();
        if let Some(column) = self.found.column(Role::Store).filter(|_| !is_known && self.cut.is_main())
            && self.acceptor.answer(Doubt::BLANK_STORES).is_none()
        {
            self.acceptor.doubt(Doubt::NoStore { cell: address(column, row.number) });
        }
    }

    /// Two sheets with nearly the same rows are two states of one report, not two parts of it.
    pub(super) fn doubt_copies(&mut self) {
        /// Fewer rows are equal by chance.
        const MIN_ROWS: usize = 5;
        if let Some(name) = self.found.sheet_name.clone().filter(|_| self.layout.all_sheets) {
            let all = self
                .all
                .iter()
                .fold([Decimal::ZERO; 2], |[q, a], [quantity, amount]| [q + quantity, a + amount]);
            self.acceptor.sums_of_sheets.push((name, all));
        }
        let rows = std::mem::take(&mut self.seen.rows);
        let Some(name) = self.found.sheet_name.clone().filter(|_| rows.len() >= MIN_ROWS) else { return };
        let repeats = |other: &HashSet<u64>| {
            let same = rows.intersection(other).count();
            same * 5 >= rows.len().min(other.len()) * 4
        };
        let first =
            self.acceptor.sheets.iter().find(|(_, other)| repeats(other)).map(|(name, _)| name.clone());
        if let Some(first) = first
            && self.acceptor.answer(Doubt::COPIES).is_none()
        {
            self.acceptor.doubt(Doubt::Copies { first, second: name.clone() });
        }
        self.acceptor.sheets.push((name, rows));
    }

    /// Rows that stand where no further ones are expected: a file that was put together twice, or another table.
    pub(super) fn doubt_end(&mut self) {
        /// Fewer rows are equal by chance.
        const MIN_ROWS: usize = 3;
        let order = std::mem::take(&mut self.seen.order);
        let is_whole = order.len() < MAX_COMPARED;
        let again = [2, 3].into_iter().map(|times| order.len() / times).find(|period| {
            let repeats = |pair: (&(u64, u32), &(u64, u32))| pair.0.0 == pair.1.0;
            *period >= MIN_ROWS
                && order.len().is_multiple_of(*period)
                && order.iter().zip(order.iter().skip(*period)).all(repeats)
        });
        if let Some((_, row)) = again.filter(|_| is_whole).and_then(|period| order.get(period))
            && self.acceptor.answer(Doubt::TWICE).is_none()
        {
            self.acceptor.doubt(Doubt::Twice { row: *row });
        }
        if let Some(row) = self.below_total
            && self.layout.grid.is_none()
            && self.cut.is_main()
            && self.acceptor.answer(Doubt::BELOW_TOTAL).is_none()
        {
            self.acceptor.doubt(Doubt::BelowTotal { row });
        }
    }

    /// A printed total over several currencies is the sum of nothing.
    pub(super) fn doubt_total(&mut self, row: u32) {
        let amount = self.found.groups.iter().find_map(|group| group.amount);
        if let Some(column) = amount
            && self.acceptor.has_currencies(self.cut)
            && self.acceptor.answer(Doubt::CURRENCIES).is_none()
        {
            self.acceptor.doubt(Doubt::MixedSum { cell: address(column, row) });
        }
    }
}

/// Short words may begin any other.
fn begins(word: &str, other: &str) -> bool {
    const SHORT: usize = 4;
    word == other || (other.chars().count() > SHORT && word.starts_with(other))
}
