//! Totals of rows, columns and sections against the figures they sum up.

use rust_decimal::Decimal;

use super::{Figures, Outcome, Table, sections::Section};
use crate::{
    accept::{Fault, Product},
    cell::{Cell, Row},
    figures,
    header::{Group, Sums},
    profile::Role,
};

/// Sums of quantity and amount.
pub(super) type Pair = [Decimal; 2];

/// Fewer rows may come to the same by accident.
const MIN_SUMMED_ROWS: u32 = 3;
/// Two columns are equal more easily than three.
const MIN_SUMMED_COLUMNS: usize = 3;

/// A total that is not the sum of the rows above it: it may be that of the rows below, up to the next one.
pub(super) struct OpenTotal {
    row: u32,
    label: String,
    printed: Vec<Figures>,
    /// What the rows above it come to, and how many they are.
    above: Vec<Pair>,
    rows: u32,
    below: Vec<Pair>,
}

/// Totals above their rows that lie within each other.
const MOST_OPEN: usize = 4;

const MEASURES: [&str; 2] = ["quantity", "amount"];

impl Table<'_, '_> {
    /// Adds a row to all sums that a total may print.
    pub(super) fn add(&mut self, figures: &[Figures]) {
        let sections = self.sections.iter_mut().map(Section::sums);
        let open = self.open_totals.iter_mut().map(|total| &mut total.below);
        for sums in [&mut self.all, &mut self.since_total].into_iter().chain(sections).chain(open) {
            for (sums, figures) in sums.iter_mut().zip(figures) {
                for (sum, figure) in sums.iter_mut().zip(figures) {
                    *sum += figure.unwrap_or_default();
                }
            }
        }
    }

    /// Whether the row is a total; if so it is checked.
    pub(super) fn total(&mut self, row: &Row) -> bool {
        let identity = [Role::Ean, Role::OrderId, Role::Code, Role::Sku, Role::Article];
        if identity.iter().any(|role| {
            self.found
                .column(*role)
                .is_some_and(|c| row.text(c).is_some_and(|t| figures::total_of(&t).is_none()))
        }) {
            return false;
        }
        let label = row.cells.iter().find_map(|(_, cell)| match cell {
            Cell::Text(label) => figures::total_of(label).map(|of| (label.trim().to_owned(), of)),
            _ => None,
        });
        let Some((label, of)) = label.or_else(|| self.proven_total(row)) else { return false };
        self.close_sections();
        self.check_total(row, &label);
        let of_all = of.is_empty() && !figures::is_subtotal(&label);
        self.has_total |= of_all;
        // Below the total of a block stands another table, or nothing.
        self.ended |= of_all && self.rows > 0 && self.layout.grid.as_ref().is_some_and(|grid| grid.blocks);
        true
    }

    /// A label that begins like a total, and the figures of one.
    fn proven_total(&self, row: &Row) -> Option<(String, String)> {
        let label = front_of_total(row)?;
        let printed: Vec<Figures> = self.found.groups.iter().map(|group| self.printed(row, group)).collect();
        let figures = printed.iter().flatten().flatten().filter(|figure| !figure.is_zero()).count();
        let ties = |sums: &[Pair]| {
            let sums = self.with_sums(sums);
            let mut pairs = printed.iter().zip(&sums).flat_map(|(printed, sums)| printed.iter().zip(sums));
            pairs.all(|(value, sum)| value.is_none_or(|value| figures::ties(value, *sum)))
        };
        let proven = self.rows > 0 && figures > 0 && (ties(&self.since_total) || ties(&self.all));
        proven.then(|| (label.to_owned(), label.to_owned()))
    }

    /// A total sums up everything so far, or the block since the last total.
    pub(super) fn check_total(&mut self, row: &Row, label: &str) {
        let printed: Vec<Figures> = self.found.groups.iter().map(|group| self.printed(row, group)).collect();
        let tie = |sums: &[Pair]| {
            let expected = self.with_sums(sums);
            printed.iter().zip(&expected).all(|(printed, sums)| {
                printed
                    .iter()
                    .zip(sums)
                    .all(|(value, sum)| value.is_none_or(|value| figures::ties(value, *sum)))
            })
        };
        let (of_all, of_block) = (tie(&self.all), tie(&self.since_total));
        let block = !of_all && of_block;
        if !block {
            self.doubt_total(row.number);
        }
        let is_plain =
            figures::total_of(label).is_some_and(|of| of.is_empty()) && !figures::is_subtotal(label);
        (self.whole_total, self.below_total) = (of_all && is_plain && self.rows > 0, None);
        if !of_all && !of_block {
            let last = self.open_totals.last();
            let done = last.is_some_and(|total| self.is_complete(total));
            self.close_totals(self.open_totals.len().saturating_sub(usize::from(done)).min(MOST_OPEN - 1));
            let below = vec![[Decimal::ZERO; 2]; self.found.groups.len()];
            let above = self.with_sums(&self.all);
            let (row, label, rows) = (row.number, label.to_owned(), self.rows);
            self.open_totals.push(OpenTotal { row, label, printed, above, rows, below: below.clone() });
            self.since_total = below;
            return;
        }
        let scope = self.with_sums(if block { &self.since_total } else { &self.all });
        self.compare(row.number, label, &printed, &scope);
        self.since_total = vec![[Decimal::ZERO; 2]; self.found.groups.len()];
    }

    /// Whether the rows below a total come to it.
    fn is_complete(&self, total: &OpenTotal) -> bool {
        let below = self.with_sums(&total.below);
        let ties = |(printed, sums): (&Figures, &Pair)| {
            printed.iter().zip(sums).all(|(value, sum)| value.is_none_or(|value| figures::ties(value, *sum)))
        };
        self.rows > total.rows && total.printed.iter().zip(&below).all(ties)
    }

    /// Compares totals with the rows below them, and where these are not their own with those above.
    pub(super) fn close_totals(&mut self, keep: usize) {
        while self.open_totals.len() > keep
            && let Some(total) = self.open_totals.pop()
        {
            let complete = self.is_complete(&total);
            let sums = if complete { self.with_sums(&total.below) } else { total.above };
            self.compare(total.row, &total.label, &total.printed, &sums);
        }
    }

    /// Sums of every group: those of the rows, and for total columns those of the groups they sum up.
    fn with_sums(&self, sums: &[Pair]) -> Vec<Pair> {
        let of = |index: &usize| sums.get(*index).copied().unwrap_or_default();
        let groups = self.found.groups.iter().enumerate();
        groups
            .map(|(index, group)| match &group.sums {
                Some(members) => added(members.all.iter().map(of)),
                None => of(&index),
            })
            .collect()
    }

    /// Total columns of a row against its figures.
    pub(super) fn check_row(&mut self, row: &Row, figures: &[Figures], label: &str) {
        let pair = |index: &usize| {
            figures.get(*index).map_or([Decimal::ZERO; 2], |figures| figures.map(Option::unwrap_or_default))
        };
        for group in &self.found.groups {
            let Some(Sums { all, near }) = &group.sums else { continue };
            let printed = self.printed(row, group);
            let near = added(near.iter().map(pair));
            let ties = printed
                .iter()
                .zip(near)
                .all(|(value, sum)| value.is_none_or(|value| figures::ties(value, sum)));
            let actual = if ties { near } else { added(all.iter().map(pair)) };
            let columns = [group.quantity, group.amount];
            for (((value, actual), column), measure) in printed.iter().zip(actual).zip(columns).zip(MEASURES)
            {
                let (Some(value), Some(column)) = (value, column) else { continue };
                let name = format!("{label} / {} / {measure}", group.title);
                let sheet = self.found.sheet_name.as_deref();
                self.acceptor.control(figures::control(
                    name,
                    sheet,
                    Some((column, row.number)),
                    *value,
                    actual,
                ));
            }
        }
    }

    /// What a group prints, as far as it can be read.
    pub(super) fn printed(&self, row: &Row, group: &Group) -> Figures {
        let dialect = |column| self.reading.dialect(self.found.sheet, column);
        [group.quantity, group.amount].map(|column| figures::printed(row, column?, dialect(column?)))
    }

    /// Printed figures of a row against sums, in the order of the groups.
    pub(super) fn compare(&mut self, row: u32, label: &str, printed: &[Figures], sums: &[Pair]) {
        for ((group, printed), sums) in self.found.groups.iter().zip(printed).zip(sums) {
            let columns = [group.quantity, group.amount];
            for (((value, actual), column), measure) in printed.iter().zip(sums).zip(columns).zip(MEASURES) {
                let (Some(value), Some(column)) = (value, column) else { continue };
                let title =
                    if group.title.is_empty() { String::new() } else { format!("{} / ", group.title) };
                let name = format!("{label} / {title}{measure}");
                let sheet = self.found.sheet_name.as_deref();
                self.acceptor.control(figures::control(name, sheet, Some((column, row)), *value, *actual));
            }
        }
    }

    /// A row that is nothing but a name nobody knows and the sums of all rows above it: a total in words that are not
    /// known. Whatever has an identity of its own is a sale, even if it comes to the same by chance.
    pub(super) fn is_unnamed_total(&mut self, row: &Row, product: &Product, figures: &[Figures]) -> bool {
        let own = [
            Role::Ean,
            Role::Code,
            Role::Article,
            Role::Sku,
            Role::Reference,
            Role::OrderId,
            Role::Date,
            Role::WeekEnding,
            Role::WeekStarting,
            Role::Period,
            Role::Store,
            Role::Month,
            Role::Year,
        ];
        let says = |role: &Role| self.found.column(*role).is_some_and(|column| row.get(column).is_some());
        let is_label = |(column, cell): &&(u32, Cell)| {
            matches!(cell, Cell::Text(_)) && !self.found.figure_columns().any(|figure| figure == *column)
        };
        let labels = row.cells.iter().filter(is_label).count();
        if self.rows < MIN_SUMMED_ROWS || labels != 1 || own.iter().any(says) {
            return false;
        }
        let mut printed = 0;
        let groups = self.found.groups.iter().zip(figures).zip(&self.all);
        let ties = groups.filter(|((group, _), _)| group.sums.is_none()).all(|((_, figures), sums)| {
            figures.iter().zip(sums).all(|(value, sum)| {
                printed += u32::from(value.is_some_and(|value| !value.is_zero()));
                figures::ties(value.unwrap_or_default(), *sum)
            })
        });
        if !ties || printed == 0 || self.acceptor.knows(product) || self.acceptor.answer("sums").is_some() {
            return false;
        }
        // One figure may be the sum of the others by chance: a person decides.
        if printed == 1 {
            self.doubtful_total.get_or_insert(row.number);
        }
        true
    }

    /// A row with figures in total columns alone, which are the sums of everything: a grand total without its word.
    pub(super) fn bare_total(&mut self, row: &Row) {
        let sums = self.with_sums(&self.all);
        let mut printed = 0;
        let ties = self.found.groups.iter().zip(&sums).all(|(group, sums)| {
            self.printed(row, group).iter().zip(sums).all(|(value, sum)| {
                printed += usize::from(value.is_some());
                value.is_none_or(|value| figures::ties(value, *sum))
            })
        });
        if ties && printed > 0 && self.rows >= MIN_SUMMED_ROWS {
            self.has_total = true;
            self.check_total(row, "Total without a name");
        }
    }

    /// A column that always is the sum of all others is a total under a name that nobody knows.
    pub(super) fn watch_columns(&mut self, figures: &[Figures]) {
        if figures.len() < MIN_SUMMED_COLUMNS {
            return;
        }
        let singles: Vec<usize> = (0..figures.len())
            .filter(|index| self.found.groups.get(*index).is_some_and(|g| g.sums.is_none()))
            .collect();
        if singles.len() < MIN_SUMMED_COLUMNS {
            return;
        }
        let pair = |index: &usize| {
            figures.get(*index).map_or([Decimal::ZERO; 2], |f| f.map(Option::unwrap_or_default))
        };
        let all = added(singles.iter().map(pair));
        for index in &singles {
            let own = pair(index);
            let others = [all[0] - own[0], all[1] - own[1]];
            let ties = own.iter().zip(others).all(|(own, others)| figures::ties(*own, others));
            let blank = own.iter().all(Decimal::is_zero);
            if let Some(watch) = self.sum_like.get_mut(*index) {
                watch.0 += u32::from(ties && !blank);
                watch.1 += u32::from(!ties);
            }
        }
    }

    /// The columns that were the sum of the others in every row.
    pub(super) fn sums_in_disguise(&self) -> Option<&Group> {
        let index =
            self.sum_like.iter().position(|(ties, differs)| *ties >= MIN_SUMMED_ROWS && *differs == 0)?;
        self.found.groups.get(index)
    }

    /// A row with figures that names neither product nor store: a total without a word, or a row that lost its name.
    pub(super) fn nameless(&mut self, row: &Row, figures: &[Figures]) -> Outcome {
        if figures.iter().flatten().all(|figure| figure.unwrap_or_default().is_zero()) {
            return Outcome::Ignored;
        }
        let is_total = |sums: &[Pair]| {
            figures.iter().zip(sums).all(|(figures, sums)| {
                figures
                    .iter()
                    .zip(sums)
                    .all(|(value, sum)| value.is_none_or(|value| figures::ties(value, *sum)))
            })
        };
        if is_total(&self.all) || is_total(&self.since_total) {
            self.has_total |= is_total(&self.all);
            self.check_total(row, "Total without a name");
            return Outcome::Ignored;
        }
        if let Some(label) = front_of_total(row) {
            self.close_sections();
            self.check_total(row, label);
            return Outcome::Ignored;
        }
        let role = if self.found.columns.contains_key(&Role::Ean) { Role::Ean } else { Role::Name };
        Outcome::Rejected(
            self.found.column(role),
            Fault {
                code: "product_missing",
                message:
                    "The row has figures, but says neither which product nor which store they belong to."
                        .to_owned(),
                suggestion: "Fill in the product, or mark the row as a total.",
            },
        )
    }
}

/// The label of a row that begins like that of a total.
fn front_of_total(row: &Row) -> Option<&str> {
    row.cells.iter().find_map(|(_, cell)| match cell {
        Cell::Text(label) => Some(label.trim()).filter(|label| figures::begins_with_total(label)),
        _ => None,
    })
}

fn added(pairs: impl Iterator<Item = Pair>) -> Pair {
    pairs.fold([Decimal::ZERO; 2], |[quantity, amount], [q, a]| [quantity + q, amount + a])
}
