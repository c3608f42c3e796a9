//! A table: a header, then rows with one group of figures, or with several that stand under stores and periods.

mod beside;
mod doubt;
mod draft;
mod groups;
mod line;
mod proof;
mod sections;
mod sums;
mod value;
mod when;

use std::{collections::BTreeMap, ops::ControlFlow, rc::Rc};

use domain::{Cut, Period};
use line::Kind;
use proof::Pair;
use rust_decimal::Decimal;
use sections::Section;
pub(crate) use sums::check_sums;
use when::When;

use crate::{
    Refusal,
    accept::{Acceptor, Draft, Fault, Place, Printed, Product},
    cell::{Cell, Row},
    document::Document,
    doubt::Doubt,
    header::Found,
    memo::Memo,
    profile::{self, Policy, Role},
    survey::Reading,
    text,
};

/// Quantity and amount of a group in a row; `None` where nothing stands.
type Figures = [Option<Decimal>; 2];

/// One table while it is read.
struct Table<'t, 'a> {
    layout: &'t profile::Table,
    found: &'t Found,
    cut: &'t Cut,
    reading: &'t Reading,
    /// The period of the whole file, where rows have none.
    period: Option<Period>,
    acceptor: &'t mut Acceptor<'a>,
    /// Sums of all rows so far, and of those since the last total row, in the order of the groups.
    all: Vec<Pair>,
    since_total: Vec<Pair>,
    /// The sections whose rows are being read, the outermost first.
    sections: Vec<Section>,
    /// Totals that stand above the rows they may sum up, the outermost first.
    open_totals: Vec<proof::OpenTotal>,
    ended: bool,
    /// The first row that a person said not to count.
    end: Option<u32>,
    /// Whether the last total was that of all rows above it, and the first row below it.
    whole_total: bool,
    below_total: Option<u32>,
    has_total: bool,
    /// Rows taken so far.
    rows: u32,
    /// The last row that was taken for a total in unknown words, and the first of which that is in doubt.
    untaught_total: Option<u32>,
    doubtful_total: Option<u32>,
    /// By group: in how many rows it was the sum of all others, and in how many not.
    sum_like: Vec<(u32, u32)>,
    /// Cells that hold on until the next one.
    held: BTreeMap<Role, Cell>,
    /// Columns whose cells stand only where they change, and words of all stores together, a blank one where rows without a
    /// store are their sums.
    fill_down: Vec<Role>,
    all_stores: Vec<String>,
    seen: doubt::Seen,
    distances: BTreeMap<Role, beside::Distances>,
    uncoded: groups::Uncoded,
    /// Products by what their cells say; the text is where the cells of a row are put together.
    products: (Memo<Rc<Product>>, String),
    kinds: BTreeMap<Role, Memo<Option<Kind>>>,
    /// Headers of the figures, [compact](text::compact).
    figure_headers: Vec<(u32, String)>,
}

/// What becomes of a row.
enum Outcome {
    Taken,
    Ignored,
    /// With the column at fault.
    Rejected(Option<u32>, Fault),
}

/// Reads all rows of a table into the acceptor. Returns whether it prints a total of everything.
pub(crate) fn read(
    document: &mut Document,
    layout: &profile::Table,
    found: &Found,
    cut: &Cut,
    reading: &Reading,
    period: Option<Period>,
    acceptor: &mut Acceptor<'_>,
) -> Result<bool, Refusal> {
    let sums = vec![[Decimal::ZERO; 2]; found.groups.len()];
    let blank_stores = acceptor.answer(Doubt::BLANK_STORES);
    let held = blank_stores.filter(|answer| *answer == "above").map(|_| Role::Store);
    let summed = blank_stores.filter(|answer| *answer == "sums").map(|_| String::new());
    let end = [Doubt::TWICE, Doubt::BELOW_TOTAL].map(|id| acceptor.answer(id)?.parse().ok());
    let end = end.into_iter().flatten().min();
    let mut table = Table {
        layout,
        fill_down: layout.fill_down.iter().copied().chain(held).collect(),
        all_stores: layout.all_stores.iter().map(|word| text::fold(word)).chain(summed).collect(),
        distances: BTreeMap::new(),
        uncoded: groups::Uncoded::default(),
        found,
        cut,
        reading,
        period,
        acceptor,
        all: sums.clone(),
        since_total: sums,
        sections: Vec::new(),
        open_totals: Vec::new(),
        ended: false,
        end,
        whole_total: false,
        below_total: None,
        has_total: false,
        rows: 0,
        untaught_total: None,
        doubtful_total: None,
        sum_like: vec![(0, 0); found.groups.len()],
        held: BTreeMap::new(),
        seen: doubt::Seen::default(),
        products: Default::default(),
        kinds: BTreeMap::new(),
        figure_headers: figure_headers(found),
    };
    found.rows(document, &mut |row| {
        table.measure(row);
        if table.end.is_some_and(|end| row.number >= end) {
            table.ended = true;
        } else if found.covers(row.number) {
            table.row(row);
        } else if row.number < found.header_row {
            table.above(row);
        }
        let past = found.last_row.is_some_and(|last| row.number >= last);
        if table.ended || past { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    table.close_sections();
    table.close_totals(0);
    table.doubt_copies();
    table.doubt_end();
    table.doubt_uncoded();
    table.doubt_times();
    let column = table.sums_in_disguise().map(|group| format!("The column \"{}\"", group.title));
    let disguised = column.or_else(|| table.doubtful_total.map(|row| format!("Row {row}")));
    let has_total = table.has_total;
    if cut.is_main() {
        acceptor.sums_in_disguise.extend(disguised);
    }
    Ok(has_total)
}

impl Table<'_, '_> {
    fn row(&mut self, row: &Row) {
        let counts = self.cut.is_main();
        if counts {
            self.acceptor.counts.read += 1;
        }
        let outcome = self.outcome(row);
        self.doubt(row, &outcome);
        match outcome {
            Outcome::Taken => {}
            Outcome::Ignored if counts => self.acceptor.counts.ignored += 1,
            Outcome::Ignored => {}
            Outcome::Rejected(column, fault) => self.reject(row, column, fault),
        }
    }

    fn reject(&mut self, row: &Row, column: Option<u32>, fault: Fault) {
        let place = Place {
            table: self.found,
            row: row.number,
            column,
            header: column.and_then(|column| self.header_of(column)),
            value: column.and_then(|column| Some(row.text(column)?.into_owned())),
        };
        self.acceptor.reject(place, fault);
    }

    fn header_of(&self, index: u32) -> Option<String> {
        let group = self.found.groups.iter().find(|g| g.quantity == Some(index) || g.amount == Some(index));
        let column = self.found.columns.values().find(|column| column.index == index);
        column.map(|column| column.header.clone()).or_else(|| group.map(|group| group.title.clone()))
    }

    fn outcome(&mut self, row: &Row) -> Outcome {
        let mut known =
            self.found.columns.values().map(|column| column.index).chain(self.found.figure_columns());
        let blank = known.all(|column| row.get(column).is_none());
        self.announce(row);
        if self.repeats_header(row) || self.total(row) || blank || self.is_other_header(row) {
            return Outcome::Ignored;
        }
        if self.describes_columns(row) {
            return Outcome::Ignored;
        }
        self.hold(row);
        if self.is_of_all_stores(row) {
            return Outcome::Ignored;
        }
        let kind = self.announced_kind().unwrap_or_else(|| self.kind(row));
        if kind == Kind::Ignored {
            return Outcome::Ignored;
        }
        if let Kind::Unknown(role @ Role::Measure) = kind {
            return Outcome::Rejected(self.found.column(role), self.unexplained(row, role));
        }
        let mut figures = match self.all_figures(row, kind) {
            Ok(figures) => figures,
            Err((column, fault)) => return Outcome::Rejected(column, fault),
        };
        let product = self.product(row);
        if product.printed.ean.is_none()
            && product.printed.code.is_none()
            && self.acceptor.layout().rows_without_ean == Policy::Ignore
        {
            self.acceptor.left_out += figures.iter().filter_map(|[_, amount]| *amount).sum::<Decimal>();
            return Outcome::Ignored;
        }
        if self.is_section(row, &product, &figures) {
            return Outcome::Ignored;
        }
        let absent = figures.iter().flatten().all(Option::is_none);
        let when = match self.period_of(row, self.found.groups.iter().find(|group| group.sums.is_none())) {
            Ok(when) => when,
            // A line without figures and without a period is a note.
            Err(_) if absent => {
                self.bare_total(row);
                return Outcome::Ignored;
            }
            Err((role, fault)) => {
                return Outcome::Rejected(role.and_then(|role| self.found.column(role)), fault);
            }
        };
        if self.is_uncoded_sum(&product) || self.is_side_line(row, &product.printed) {
            return Outcome::Ignored;
        }
        if self.is_nameless(row, &product) {
            return self.nameless(row, &figures);
        }
        if let Kind::Unknown(role) = kind {
            return Outcome::Rejected(self.found.column(role), self.unexplained(row, role));
        }
        if self.is_unnamed_total(row, &product, &figures) {
            self.check_total(row, product.printed.name.as_deref().unwrap_or("Total"));
            self.has_total = true;
            self.untaught_total = Some(row.number);
            return Outcome::Ignored;
        }
        let by_list_price = self.value(row, &product, &mut figures);
        self.take(row, (&product, when), &figures, by_list_price)
    }

    /// Hands out a row for every group that has figures.
    fn take(
        &mut self,
        row: &Row,
        (product, when): (&Product, When),
        figures: &[Figures],
        by_list_price: bool,
    ) -> Outcome {
        let currency = match self.currency(row) {
            Ok(currency) => currency,
            Err(fault) => return Outcome::Rejected(self.found.column(Role::Currency), fault),
        };
        let found = self.found;
        let mut returned = match self.returned(row) {
            Ok(returned) => returned,
            Err((column, fault)) => return Outcome::Rejected(column, fault),
        };
        if let Some(day) = when.1 {
            self.watch_time(row, day);
        }
        let mut taken = false;
        // That of the first group is known.
        let mut first = Some(when);
        for (group, [quantity, amount]) in found.groups.iter().zip(figures) {
            if group.sums.is_some() {
                continue;
            }
            let when = match first.take().map_or_else(|| self.period_of(row, Some(group)), Ok) {
                Ok(when) => when,
                Err((role, fault)) => {
                    return Outcome::Rejected(role.and_then(|role| self.found.column(role)), fault);
                }
            };
            let draft = self.draft(row, group, when, product, currency);
            self.last_year(row, &draft);
            let without_store = draft.store.is_none();
            if let Some([quantity, amount]) = returned.take() {
                taken = true;
                self.acceptor.accept(Draft { quantity, amount, ..draft.clone() });
            }
            let nothing = quantity.unwrap_or_default().is_zero() && amount.unwrap_or_default().is_zero();
            let absent = quantity.is_none() && amount.is_none();
            if absent || (nothing && !self.acceptor.takes_zero_rows()) {
                continue;
            }
            taken = true;
            let derived = self.derived(group, by_list_price);
            self.acceptor.accept(Draft { quantity: *quantity, amount: *amount, derived, ..draft });
            if without_store {
                self.doubt_store(row);
            }
        }
        if taken {
            if self.whole_total {
                self.below_total = self.below_total.or(Some(row.number));
            }
            self.rows = self.rows.saturating_add(1);
            // A total is the end of its table: with more below it, it may have been a row like the others.
            self.doubtful_total = self.doubtful_total.or(self.untaught_total);
        }
        self.add(figures);
        self.watch_uncoded(row, product, figures);
        self.watch_columns(figures);
        if found.groups.iter().any(|group| group.sums.is_some()) {
            self.check_row(row, figures, &label_of(product, row));
        }
        if taken { Outcome::Taken } else { Outcome::Ignored }
    }

    /// Rows of exports that print their header again on every page.
    fn repeats_header(&self, row: &Row) -> bool {
        let cells = self.figure_headers.iter().map(|(column, header)| (row.get(*column), header));
        let mut printed = cells.filter_map(|(cell, header)| Some((cell?, header))).peekable();
        // A row with one of the words among its figures is a damaged row.
        printed.peek().is_some()
            && printed
                .all(|(cell, header)| matches!(cell, Cell::Text(word) if text::is_compact(word, header)))
    }
}

fn figure_headers(found: &Found) -> Vec<(u32, String)> {
    let columns = [Role::Quantity, Role::Amount].into_iter().filter_map(|role| found.columns.get(&role));
    columns.map(|column| (column.index, text::compact(&column.header))).collect()
}

/// What a row is called in its controls.
fn label_of(product: &Product, row: &Row) -> String {
    let Printed { ean, code, sku, name, .. } = &product.printed;
    let name = ean.as_ref().or(code.as_ref()).or(sku.as_ref()).or(name.as_ref());
    name.cloned().unwrap_or_else(|| format!("Row {}", row.number))
}
