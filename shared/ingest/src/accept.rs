//! The last step of a row: product, class and euro amount are added, sums are kept, the row is handed out.

mod doubt;
mod draft;

pub(crate) use doubt::{Doubt, row_type_question};
pub(crate) use draft::{Draft, Fault, Place, Printed};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
};

use chrono::NaiveDate;
use domain::{
    Control, Currency, Cut, Finding, Line, LineClass, Matched, OrderLine, Period, PrintedProduct, Reference,
    Reject, RowCounts, SaleRow, StatedPeriod, StoreKind, normalise_ean,
};
use rust_decimal::Decimal;

use crate::{
    Input, MAX_REJECTS_KEPT,
    cell::address,
    plausible::Plausibility,
    profile::{Layout, Policy, Profile, Role},
    text,
};

/// Totals kept; beyond it only those that do not tie are, as often again.
const MAX_CONTROLS: usize = 10_000;
/// What is shown of a rejected value.
const SHOWN_CHARS: usize = 200;

/// Takes rows and keeps the books of one file.
pub(crate) struct Acceptor<'a> {
    profile: &'a Profile,
    layout: &'a Layout,
    reference: &'a Reference,
    /// What people have answered.
    input: &'a Input<'a>,
    emit: &'a mut dyn FnMut(SaleRow),
    pub(crate) counts: RowCounts,
    pub(crate) controls: Vec<Control>,
    pub(crate) rejects: Vec<Reject>,
    periods: BTreeMap<(Cut, Period, Currency), Sums>,
    missing_rates: BTreeSet<(Currency, NaiveDate)>,
    /// Occurrences of equal order lines, by hash: a million lines must not cost a hundred bytes each.
    line_keys: HashMap<u64, u32>,
    unknown_eans: u64,
    /// Words of which nobody has said whether their rows are sales: column, word, and where it stands first.
    pub(crate) unexplained: BTreeMap<(Role, String), Option<String>>,
    /// What the first line of the order said of it all: exports print status and currency once for each order.
    order_says: (String, BTreeMap<Role, String>),
    /// Amount of the rows left out for having no EAN.
    pub(crate) left_out: Decimal,
    pub(crate) plausibility: Plausibility,
    /// Rows and columns of the main table that were the sum of all others, without a word that says so.
    pub(crate) sums_in_disguise: Vec<String>,
    /// Lines that do not fit their table, the first of each kind.
    pub(crate) doubts: Vec<Doubt>,
    /// Sheets of one table by name, with hashes of their rows.
    pub(crate) sheets: Vec<(String, HashSet<u64>)>,
}

#[derive(Debug, Clone, Default)]
struct Sums {
    records: u64,
    quantity: Decimal,
    amount: Option<Decimal>,
}

impl<'a> Acceptor<'a> {
    pub(crate) fn new(
        profile: &'a Profile,
        layout: &'a Layout,
        reference: &'a Reference,
        input: &'a Input<'a>,
        emit: &'a mut dyn FnMut(SaleRow),
    ) -> Self {
        Self {
            profile,
            layout,
            reference,
            input,
            emit,
            counts: RowCounts::default(),
            controls: Vec::new(),
            rejects: Vec::new(),
            periods: BTreeMap::new(),
            missing_rates: BTreeSet::new(),
            line_keys: HashMap::new(),
            unknown_eans: 0,
            unexplained: BTreeMap::new(),
            order_says: Default::default(),
            left_out: Decimal::ZERO,
            plausibility: Plausibility::default(),
            sums_in_disguise: Vec::new(),
            doubts: Vec::new(),
            sheets: Vec::new(),
        }
    }

    /// Currency of rows that do not say theirs.
    pub(crate) fn currency(&self) -> Option<Currency> {
        self.layout.currency.or(self.profile.currency)
    }

    /// What a person answered.
    pub(crate) fn answer(&self, question: &str) -> Option<&str> {
        self.input.answer(question)
    }

    /// Whether the catalogue has the product.
    pub(crate) fn knows(&mut self, printed: &Printed) -> bool {
        self.match_product(printed, &printed.codes()).is_some()
    }

    /// List price at the end of a period.
    pub(crate) fn list_price(&mut self, printed: &Printed, period: Period) -> Option<Decimal> {
        let ean = self.match_product(printed, &printed.codes())?.ean?;
        self.reference.list_price(&ean, period.end())
    }

    /// Quantity and amount of a cut within a span, and whether it has rows there.
    pub(crate) fn sums_within(&self, cut: &Cut, span: Option<Period>) -> Option<[Decimal; 2]> {
        let within = |period: &Period| {
            span.is_none_or(|span| span.start() <= period.start() && period.end() <= span.end())
        };
        let of_cut = self.periods.iter().filter(|((c, period, _), _)| c == cut && within(period));
        of_cut
            .map(|(_, sums)| [sums.quantity, sums.amount.unwrap_or_default()])
            .reduce(|[quantity, amount], [q, a]| [quantity + q, amount + a])
    }

    pub(crate) fn layout(&self) -> &'a Layout {
        self.layout
    }

    /// Whether the layout takes rows of which nothing was sold.
    pub(crate) fn takes_zero_rows(&self) -> bool {
        self.layout.zero_rows == Policy::Keep
    }

    pub(crate) fn accept(&mut self, draft: Draft) {
        let codes = draft.product.codes();
        let (ean, product_match) = match self.match_product(&draft.product, &codes) {
            Some(Matched { ean, by }) => (ean, Some(by)),
            None => (None, None),
        };
        let currency = draft.currency;
        let concluded = self.reference.conclude(&Line {
            ean: ean.as_deref(),
            name: draft.product.name.as_deref(),
            quantity: draft.quantity,
            amount: draft.amount,
            derived: draft.derived,
            currency,
            period: draft.period,
        });
        if concluded.rate.is_none() && draft.amount.is_some() {
            self.missing_rates.insert((currency, draft.period.rate_month()));
        }
        if draft.cut.is_main() && draft.derived.is_none() {
            let price = ean.as_deref().and_then(|ean| self.reference.list_price(ean, draft.period.end()));
            let value = price.zip(draft.quantity).map(|(price, quantity)| price * quantity);
            let class = concluded.line_class;
            self.plausibility.note(
                class,
                draft.quantity,
                draft.amount,
                value.and_then(|value| {
                    // List prices are in euro.
                    value.checked_div(concluded.rate.as_ref()?.eur_per_unit)
                }),
            );
        }
        let store = draft.store.clone().or_else(|| self.layout.store.name.clone());
        let store_kind = self.store_kind(store.as_deref());
        let city = draft.city.clone().or_else(|| {
            let physical = store_kind == Some(StoreKind::Physical);
            self.layout.store.physical_city.clone().filter(|_| physical)
        });
        let order = draft.order.clone().map(|order| self.keyed(order, &draft, concluded.line_class));
        self.note(&draft);
        (self.emit)(SaleRow {
            cut: draft.cut,
            period: draft.period,
            sale_date: draft.sale_date,
            store,
            store_kind,
            product_ean: ean,
            product_match,
            printed_ean: draft.product.ean,
            product_codes: codes,
            vendor_product_code: draft.product.code.or(draft.product.sku),
            product_name: draft.product.name,
            quantity: draft.quantity,
            amount_local: concluded.amount_local,
            derived: draft.derived,
            currency,
            vat_included: self.layout.vat_included.or(self.profile.vat_included),
            amount_eur: concluded.amount_eur,
            rate: concluded.rate,
            line_class: concluded.line_class,
            country: draft.country.or_else(|| self.layout.country.clone()),
            city,
            order,
            source: draft.source,
        });
    }

    fn note(&mut self, draft: &Draft) {
        if draft.cut.is_main() {
            self.counts.accepted += 1;
        }
        let sums = self.periods.entry((draft.cut.clone(), draft.period, draft.currency)).or_default();
        sums.records += 1;
        sums.quantity += draft.quantity.unwrap_or_default();
        if let Some(amount) = draft.amount {
            sums.amount = Some(sums.amount.unwrap_or_default() + amount);
        }
    }

    fn match_product(&mut self, printed: &Printed, codes: &[String]) -> Option<Matched> {
        let ean = printed.ean.as_deref();
        let product = PrintedProduct { ean, codes, name: printed.name.as_deref() };
        let matched = self.reference.match_product(&self.profile.vendor, &product);
        if matched.is_none() && ean.is_some() {
            self.unknown_eans += 1;
        }
        matched
    }

    fn store_kind(&self, store: Option<&str>) -> Option<StoreKind> {
        const ONLINE: [&str; 7] = ["online", "internet", "web", "e-shop", "eshop", "e-commerce", "ecommerce"];
        let store = text::fold(store?);
        let is_listed = self.layout.store.online.iter().any(|name| text::fold(name) == store);
        if is_listed || ONLINE.iter().any(|word| store.contains(word)) {
            return Some(StoreKind::Online);
        }
        Some(self.layout.store.kind.unwrap_or(StoreKind::Physical))
    }

    /// The key must be the same in every export, so it is made of what is printed, not of what was matched.
    fn keyed(&mut self, mut order: OrderLine, draft: &Draft, class: LineClass) -> OrderLine {
        let product = &draft.product;
        let printed_ean =
            product.ean.as_deref().map(|text| normalise_ean(text).unwrap_or_else(|| text::fold(text)));
        let identity = printed_ean
            .or_else(|| product.sku.as_deref().map(text::fold))
            .or_else(|| product.name.as_deref().map(text::fold))
            .unwrap_or_default();
        let day = draft
            .sale_date
            .filter(|_| class == LineClass::Return)
            .map(|day| day.to_string())
            .unwrap_or_default();
        let stem = format!("{}|{identity}|{day}", order.order_id);
        let mut hasher = DefaultHasher::new();
        stem.hash(&mut hasher);
        let occurrence = self.line_keys.entry(hasher.finish()).or_default();
        *occurrence += 1;
        order.line_key = format!("{stem}|{occurrence}");
        order
    }

    /// A word that belongs to a whole order: the printed one, or that of the order's first line.
    pub(crate) fn of_order(
        &mut self,
        order: Option<&str>,
        role: Role,
        printed: Option<String>,
    ) -> Option<String> {
        let Some(order) = order else { return printed };
        if self.order_says.0 != order {
            self.order_says = (order.to_owned(), BTreeMap::new());
        }
        match printed {
            Some(word) => {
                self.order_says.1.insert(role, word.clone());
                Some(word)
            }
            None => self.order_says.1.get(&role).cloned(),
        }
    }

    pub(crate) fn reject(&mut self, place: Place<'_>, fault: Fault) {
        self.counts.rejected += 1;
        if self.rejects.len() >= MAX_REJECTS_KEPT {
            return;
        }
        self.rejects.push(Reject {
            sheet: place.table.sheet_name.clone(),
            row: place.row,
            column: place.header,
            cell: place.column.map(|column| address(column, place.row)),
            value: place.value.map(|value| text::shorten(&value, SHOWN_CHARS)),
            code: fault.code.to_owned(),
            message: fault.message,
            suggestion: Some(fault.suggestion.to_owned()),
        });
    }

    pub(crate) fn control(&mut self, control: Control) {
        let room = if control.ok { MAX_CONTROLS } else { 2 * MAX_CONTROLS };
        if self.controls.len() < room {
            self.controls.push(control);
        }
    }

    /// Periods of a cut, in order of time.
    pub(crate) fn periods_of(&self, cut: &Cut) -> Vec<Period> {
        let mut periods: Vec<Period> =
            self.periods.keys().filter(|(c, _, _)| c == cut).map(|(_, period, _)| *period).collect();
        periods.dedup();
        periods
    }

    pub(crate) fn has_amounts(&self, cut: &Cut) -> bool {
        self.periods.iter().any(|((c, _, _), sums)| c == cut && sums.amount.is_some())
    }

    pub(crate) fn stated_periods(&self) -> Vec<StatedPeriod> {
        let stated = self.periods.iter().map(|((cut, period, currency), sums)| StatedPeriod {
            cut: cut.clone(),
            period: *period,
            currency: *currency,
            records: sums.records,
            quantity: sums.quantity,
            amount_local: sums.amount,
        });
        stated.collect()
    }

    pub(crate) fn warnings(&self) -> Vec<Finding> {
        let mut warnings = Vec::new();
        let mut missing: BTreeMap<Currency, Vec<String>> = BTreeMap::new();
        // History beside the reported periods needs no euro value.
        let reported: BTreeSet<NaiveDate> = self
            .periods
            .keys()
            .filter(|(cut, _, _)| cut.is_main())
            .map(|(_, period, _)| period.rate_month())
            .collect();
        for (currency, month) in self.missing_rates.iter().filter(|(_, month)| reported.contains(month)) {
            missing.entry(*currency).or_default().push(month.format("%Y-%m").to_string());
        }
        for (currency, months) in missing {
            warnings.push(Finding {
                code: "fx_rate_missing".to_owned(),
                message: format!(
                    "No exchange rate for {currency} in {}: these amounts have no euro value until the rate is imported.",
                    months.join(", ")
                ),
            });
        }
        if self.unknown_eans > 0 {
            warnings.push(Finding {
                code: "ean_invalid".to_owned(),
                message: format!(
                    "{} rows print a product code that is no EAN and not in the catalogue; they are booked without a product.",
                    self.unknown_eans
                ),
            });
        }
        if !self.left_out.is_zero() {
            warnings.push(Finding {
                code: "amount_without_ean".to_owned(),
                message: format!(
                    "Rows without an EAN are left out; together they amount to {}{}.",
                    self.left_out,
                    self.profile.currency.map(|currency| format!(" {currency}")).unwrap_or_default()
                ),
            });
        }
        warnings
    }
}
