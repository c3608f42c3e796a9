//! The last step of a row: product, class and euro amount are added, sums are kept, the row is handed out.

mod doubt;
mod draft;
mod product;
mod row;
mod warnings;

pub(crate) use doubt::row_type_question;
pub(crate) use draft::{Draft, Fault, Place};
pub(crate) use product::{Printed, Product};
use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
};

use chrono::NaiveDate;
use domain::{
    Buyer, Consequence, Control, Currency, Cut, Line, LineClass, OrderLine, Period, Reference, Reject,
    RowCounts, SaleRow, StatedPeriod, StoreKind,
};
use row::Outgoing;
use rust_decimal::Decimal;

use crate::{
    Input, MAX_REJECTS_KEPT,
    cell::address,
    doubt::Doubt,
    memo::Memo,
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
    emit: &'a mut dyn FnMut(&SaleRow),
    pub(crate) counts: RowCounts,
    pub(crate) controls: Vec<Control>,
    pub(crate) rejects: Vec<Reject>,
    periods: BTreeMap<Cut, BTreeMap<(Period, Currency), Sums>>,
    store_kinds: Memo<StoreKind>,
    outgoing: Outgoing,
    missing_rates: BTreeSet<(Currency, NaiveDate)>,
    /// Occurrences of equal order lines, by hash: a million lines must not cost a hundred bytes each.
    line_keys: HashMap<u64, u32>,
    unknown_eans: u64,
    /// Rows of units that no list price values.
    unpriced: u64,
    /// Words of which nobody has said whether their rows are sales: column, word, and where it stands first.
    pub(crate) unexplained: BTreeMap<(Role, String), Option<String>>,
    /// What the first line of the order said of it all: exports print status and currency once for each order.
    order_says: (String, BTreeMap<Role, String>),
    /// Who placed the last order that says so: some exports print it on the first line alone.
    ordered: Option<(String, Buyer)>,
    /// Amount of the rows left out for having no EAN.
    pub(crate) left_out: Decimal,
    pub(crate) plausibility: Plausibility,
    /// Rows and columns of the main table that were the sum of all others, without a word that says so.
    pub(crate) sums_in_disguise: Vec<String>,
    /// Lines that do not fit their table, the first of each kind.
    pub(crate) doubts: Vec<Doubt>,
    /// Sheets of one table by name, with hashes of their rows.
    pub(crate) sheets: Vec<(String, HashSet<u64>)>,
    /// What each of them comes to.
    pub(crate) sums_of_sheets: Vec<(String, [Decimal; 2])>,
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
        emit: &'a mut dyn FnMut(&SaleRow),
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
            store_kinds: Memo::default(),
            outgoing: Outgoing::default(),
            missing_rates: BTreeSet::new(),
            line_keys: HashMap::new(),
            unknown_eans: 0,
            unpriced: 0,
            unexplained: BTreeMap::new(),
            order_says: Default::default(),
            ordered: None,
            left_out: Decimal::ZERO,
            plausibility: Plausibility::default(),
            sums_in_disguise: Vec::new(),
            doubts: Vec::new(),
            sheets: Vec::new(),
            sums_of_sheets: Vec::new(),
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
    pub(crate) fn knows(&self, product: &Product) -> bool {
        product.matched.is_some()
    }

    /// Who bought, where the organisation tells its buyers apart.
    pub(crate) fn buyer(&self, printed: &str) -> Option<Buyer> {
        self.reference.buyer(printed)
    }

    /// List price at the end of a period.
    pub(crate) fn list_price(&self, product: &Product, period: Period) -> Option<Decimal> {
        self.reference.list_price(product.ean()?, period.end())
    }

    /// Quantity and amount of a cut within a span, and whether it has rows there.
    pub(crate) fn sums_within(&self, cut: &Cut, span: Option<Period>) -> Option<[Decimal; 2]> {
        let within = |period: &Period| {
            span.is_none_or(|span| span.start() <= period.start() && period.end() <= span.end())
        };
        let of_cut = self.periods.get(cut)?.iter().filter(|((period, _), _)| within(period));
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

    /// A product that rows print, matched once for all of them.
    pub(crate) fn product(&self, printed: Printed) -> Product {
        Product::new(printed, &self.profile.vendor, self.reference)
    }

    pub(crate) fn accept(&mut self, draft: Draft<'_>) {
        let product = draft.product;
        if product.matched.is_none() && product.printed.ean.is_some() {
            self.unknown_eans += 1;
        }
        let currency = draft.currency;
        let concluded = self.reference.conclude(&Line {
            ean: product.ean(),
            kind: product.kind,
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
            let price = product.ean().and_then(|ean| self.reference.list_price(ean, draft.period.end()));
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
        // What the catalogue does not know waits there; testers and samples need no price.
        let sold = matches!(concluded.line_class, LineClass::Sale | LineClass::Return);
        let units = sold && product.ean().is_some() && !draft.quantity.unwrap_or_default().is_zero();
        if units && draft.cut.is_main() && draft.amount.is_none() && concluded.amount_eur.is_none() {
            self.unpriced += 1;
        }
        self.note(&draft);
        self.hand_out(draft, concluded);
    }

    fn hand_out(&mut self, mut draft: Draft<'_>, concluded: Consequence) {
        let rule = &self.layout.store;
        let store = draft.store.as_deref().or(rule.name.as_deref());
        let store_kind = store.map(|store| self.store_kind(store));
        let physical_city = rule.physical_city.as_deref().filter(|_| store_kind == Some(StoreKind::Physical));
        let order = draft.order.take().map(|order| self.keyed(order, &draft, concluded.line_class));
        self.outgoing.fill(&draft, concluded, (self.profile, self.layout));
        let row = &mut self.outgoing.row;
        row::set(&mut row.store, draft.store.as_deref().or(rule.name.as_deref()));
        row.store_kind = store_kind;
        row::set(&mut row.city, draft.city.as_deref().or(physical_city));
        row.order = order;
        (self.emit)(row);
    }

    fn note(&mut self, draft: &Draft<'_>) {
        if draft.cut.is_main() {
            self.counts.accepted += 1;
        }
        let of_cut = match self.periods.get_mut(draft.cut) {
            Some(of_cut) => of_cut,
            None => self.periods.entry(draft.cut.clone()).or_default(),
        };
        let sums = of_cut.entry((draft.period, draft.currency)).or_default();
        sums.records += 1;
        sums.quantity += draft.quantity.unwrap_or_default();
        if let Some(amount) = draft.amount {
            sums.amount = Some(sums.amount.unwrap_or_default() + amount);
        }
    }

    fn store_kind(&mut self, store: &str) -> StoreKind {
        const ONLINE: [&str; 7] = ["online", "internet", "web", "e-shop", "eshop", "e-commerce", "ecommerce"];
        if let Some(known) = self.store_kinds.get(store) {
            return known;
        }
        let folded = text::fold(store);
        let rule = &self.layout.store;
        let is_listed = rule.online.iter().any(|name| text::fold(name) == folded);
        let is_online = is_listed || ONLINE.iter().any(|word| folded.contains(word));
        let other = rule.kind.unwrap_or(StoreKind::Physical);
        self.store_kinds.keep(store, if is_online { StoreKind::Online } else { other })
    }

    /// The key must be the same in every export, so it is made of what is printed, not of what was matched.
    fn keyed(&mut self, mut order: OrderLine, draft: &Draft<'_>, class: LineClass) -> OrderLine {
        let mut key = format!("{}|{}|", order.order_id, draft.product.identity);
        if let Some(day) = draft.sale_date.filter(|_| class == LineClass::Return) {
            key += &day.to_string();
        }
        let mut hasher = DefaultHasher::new();
        key.hash(&mut hasher);
        let occurrence = self.line_keys.entry(hasher.finish()).or_default();
        *occurrence += 1;
        key.push('|');
        key += &occurrence.to_string();
        order.line_key = key;
        match order.buyer {
            Some(buyer) => self.ordered = Some((order.order_id.clone(), buyer)),
            None => {
                order.buyer =
                    self.ordered.as_ref().filter(|(id, _)| *id == order.order_id).map(|(_, buyer)| *buyer)
            }
        }
        order
    }

    /// A word that belongs to a whole order: the printed one, or that of the order's first line.
    pub(crate) fn of_order<'w>(
        &mut self,
        order: Option<&str>,
        role: Role,
        printed: Option<Cow<'w, str>>,
    ) -> Option<Cow<'w, str>> {
        let Some(order) = order else { return printed };
        if self.order_says.0 != order {
            self.order_says = (order.to_owned(), BTreeMap::new());
        }
        let said = self.order_says.1.get(&role);
        if let Some(word) = &printed
            && said.is_none_or(|said| said != word)
        {
            self.order_says.1.insert(role, word.clone().into_owned());
        } else if printed.is_none() {
            return said.cloned().map(Cow::Owned);
        }
        printed
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
            self.periods.get(cut).into_iter().flatten().map(|((period, _), _)| *period).collect();
        periods.dedup();
        periods
    }

    pub(crate) fn has_amounts(&self, cut: &Cut) -> bool {
        self.periods.get(cut).is_some_and(|sums| sums.values().any(|sums| sums.amount.is_some()))
    }

    pub(crate) fn stated_periods(&self) -> Vec<StatedPeriod> {
        let all = self.periods.iter().flat_map(|(cut, sums)| sums.iter().map(move |sums| (cut, sums)));
        let stated = all.map(|(cut, ((period, currency), sums))| StatedPeriod {
            cut: cut.clone(),
            period: *period,
            currency: *currency,
            records: sums.records,
            quantity: sums.quantity,
            amount_local: sums.amount,
        });
        stated.collect()
    }
}
