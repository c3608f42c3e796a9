//! The shape `pivot`: stores side by side above the figures, several rows for an item, totals of groups below.

mod totals;

use std::{borrow::Cow, ops::ControlFlow};

use domain::{Cut, Period};
pub(crate) use totals::check_sibling;
use totals::{Item, Items, Pair};

use crate::{
    Refusal,
    accept::{Acceptor, Draft, Fault, Place, Printed, Product},
    cell::Row,
    document::Document,
    figures,
    header::Found,
    profile::Role,
    survey::Reading,
    text,
};

/// Figures are kept until the last total is read; a report of a retailer has some thousand.
const MAX_FIGURES: usize = 1_000_000;

/// The item whose rows are being read.
struct Open {
    product: Product,
    code: String,
    sizes: Vec<Vec<Pair>>,
    total: Option<(u32, Vec<Pair>)>,
    last_size_row: u32,
    rejected: bool,
}

struct Reader<'t, 'a> {
    found: &'t Found,
    reading: &'t Reading,
    period: Option<Period>,
    acceptor: &'t mut Acceptor<'a>,
    labels: Vec<Option<String>>,
    open: Option<Open>,
    items: Items,
    /// Items before this one were summed up by the last group total.
    summed: usize,
    full: bool,
}

/// Reads the items of a pivot into the acceptor.
pub(crate) fn read(
    document: &mut Document,
    found: &Found,
    reading: &Reading,
    period: Option<Period>,
    acceptor: &mut Acceptor<'_>,
) -> Result<Items, Refusal> {
    let items = Items {
        label_names: found.labels.iter().map(|(name, _)| name.clone()).collect(),
        stores: found.groups.iter().map(|group| group.store.clone()).collect(),
        ..Items::default()
    };
    let labels = vec![None; found.labels.len()];
    let mut reader =
        Reader { found, reading, period, acceptor, labels, open: None, items, summed: 0, full: false };
    document.rows(found.sheet, &mut |row| {
        if row.number > found.header_row {
            reader.row(row);
        }
        if reader.full { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    if reader.full {
        return Err(Refusal::new(
            "too_many_items",
            "The report has more than a million figures. Please split it.",
        ));
    }
    reader.close();
    Ok(reader.items)
}

impl Reader<'_, '_> {
    fn row(&mut self, row: &Row) {
        self.acceptor.counts.read += 1;
        let accepted = self.acceptor.counts.accepted;
        let rejected = self.acceptor.counts.rejected;
        self.step(row);
        // An item is taken with the row that ends it: lines without a row of their own count as ignored.
        if self.acceptor.counts.accepted == accepted && self.acceptor.counts.rejected == rejected {
            self.acceptor.counts.ignored += 1;
        }
    }

    fn step(&mut self, row: &Row) {
        let code = self.text(row, Role::Code);
        if code.is_none()
            && let Some(label) = totals::label(self.found, row)
        {
            let of = figures::total_of(&label).unwrap_or_default();
            if self.open.as_ref().is_some_and(|open| text::fold(&open.code) == of) {
                self.item_total(row);
            } else {
                self.close();
                self.group_total(row, &label, &of);
            }
            return;
        }
        totals::update_labels(self.found, row, &mut self.labels);
        if let Some(code) = code {
            self.close();
            self.open(row, code);
        }
        if totals::has_figures(self.found, row) {
            self.size_row(row);
        }
    }

    fn open(&mut self, row: &Row, code: String) {
        let reference = self.text(row, Role::Reference).map(|text| {
            // `AVOG3(NO COLOUR`: the vendor adds the colour behind a bracket that it does not close.
            text.split('(').next().unwrap_or_default().trim().to_owned()
        });
        let product = Printed {
            code: Some(code.clone()),
            reference: reference.filter(|text| !text.is_empty()),
            name: self.text(row, Role::Name),
            ean: self.text(row, Role::Ean),
            ..Printed::default()
        };
        self.open = Some(Open {
            product: self.acceptor.product(product),
            code,
            sizes: Vec::new(),
            total: None,
            last_size_row: row.number,
            rejected: false,
        });
    }

    fn size_row(&mut self, row: &Row) {
        let Some(pairs) = self.pairs(row) else { return };
        match &mut self.open {
            Some(open) => {
                open.sizes.push(pairs);
                open.last_size_row = row.number;
            }
            None => {
                let fault = Fault {
                    code: "product_missing",
                    message: "The row has figures, but no item stands above it.".to_owned(),
                    suggestion: "Upload the complete report as the retailer sent it.",
                };
                self.acceptor.reject(place(self.found, row, None), fault);
            }
        }
    }

    fn item_total(&mut self, row: &Row) {
        if let Some(pairs) = self.pairs(row)
            && let Some(open) = &mut self.open
        {
            open.total = Some((row.number, pairs));
        }
        self.close();
    }

    /// Ends the item: the total row counts and the size rows must agree with it.
    fn close(&mut self) {
        let Some(open) = self.open.take() else { return };
        if open.rejected {
            return;
        }
        let sizes = totals::sum(&open.sizes, self.found.groups.len());
        let (row, pairs) = match &open.total {
            Some((row, pairs)) => {
                if !open.sizes.is_empty() {
                    self.check_item(&open.code, *row, pairs, &sizes, "size rows");
                }
                (*row, pairs.clone())
            }
            None => (open.last_size_row, sizes),
        };
        self.check_all_stores(&open.code, row, &pairs);
        let main = Cut::main();
        for (group, [quantity, amount]) in self.found.groups.iter().zip(&pairs) {
            let nothing = quantity.unwrap_or_default().is_zero() && amount.unwrap_or_default().is_zero();
            let counts = !group.all_stores && !nothing;
            let Some((period, currency)) = self.period.filter(|_| counts).zip(self.acceptor.currency())
            else {
                continue;
            };
            self.acceptor.accept(Draft {
                cut: &main,
                period,
                sale_date: None,
                store: group.store.as_deref().map(Cow::Borrowed),
                product: &open.product,
                quantity: *quantity,
                amount: *amount,
                currency,
                derived: None,
                country: None,
                city: None,
                order: None,
                sheet: self.found.sheet_name.as_deref(),
                row,
                column: group.quantity.or(group.amount),
            });
        }
        self.items.all.push(Item { labels: self.labels.clone(), figures: pairs });
        self.full |= self.items.all.len() * self.found.groups.len() > MAX_FIGURES;
    }

    fn check_item(&mut self, code: &str, row: u32, expected: &[Pair], actual: &[Pair], what: &str) {
        for (group, (expected, actual)) in self.found.groups.iter().zip(expected.iter().zip(actual)) {
            for (measure, column, expected, actual) in totals::measures(group, expected, actual) {
                if !figures::ties(expected, actual) {
                    let name = format!("{code} / {} / {measure} of the {what}", group.title);
                    let sheet = self.found.sheet_name.as_deref();
                    self.acceptor.control(figures::control(
                        name,
                        sheet,
                        Some((column, row)),
                        expected,
                        actual,
                    ));
                }
            }
        }
    }

    /// The columns that sum up all stores against the stores themselves.
    fn check_all_stores(&mut self, code: &str, row: u32, pairs: &[Pair]) {
        let stores = totals::sum_stores(&self.found.groups, pairs);
        let expected: Vec<Pair> = self
            .found
            .groups
            .iter()
            .zip(pairs)
            .map(|(group, pair)| if group.all_stores { *pair } else { [None, None] })
            .collect();
        let actual: Vec<Pair> = self
            .found
            .groups
            .iter()
            .map(|group| if group.all_stores { stores } else { [None, None] })
            .collect();
        self.check_item(code, row, &expected, &actual, "stores");
    }

    fn group_total(&mut self, row: &Row, label: &str, of: &str) {
        let Some(pairs) = self.pairs(row) else { return };
        self.items.has_grand_total |= of.is_empty();
        let mut scope = self.items.labelled(of);
        if scope.is_empty() {
            scope = self.items.all.iter().skip(self.summed).collect();
        }
        let actual = totals::sum_items(&scope, &self.found.groups);
        self.summed = self.items.all.len();
        totals::push_controls(self.acceptor, self.found, row.number, label, &pairs, &actual);
    }

    /// Figures of a row; `None` after rejecting it.
    fn pairs(&mut self, row: &Row) -> Option<Vec<Pair>> {
        match totals::read_pairs(self.found, self.reading, row) {
            Ok(pairs) => Some(pairs),
            Err((column, fault)) => {
                if let Some(open) = &mut self.open {
                    open.rejected = true;
                }
                self.acceptor.reject(place(self.found, row, Some(column)), fault);
                None
            }
        }
    }

    fn text(&self, row: &Row, role: Role) -> Option<String> {
        let text = row.text(self.found.column(role)?)?;
        Some(text::squeezed(text).into_owned())
    }
}

fn place<'t>(found: &'t Found, row: &Row, column: Option<u32>) -> Place<'t> {
    let group =
        found.groups.iter().find(|g| column.is_some() && (g.quantity == column || g.amount == column));
    Place {
        table: found,
        row: row.number,
        column,
        header: group.map(|group| group.title.clone()),
        value: column.and_then(|column| Some(row.text(column)?.into_owned())),
    }
}
