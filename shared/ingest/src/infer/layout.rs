//! What was found out, written down as a profile: the same form as the shipped ones.

use std::collections::BTreeMap;

use domain::{Currency, Cut, DocumentKind};

use super::{band::Column, identity::Columns, setting::Vendor, stores::Stores};
use crate::{
    Input, Profile,
    profile::{
        DateOrder, DecimalSign, Grid, Layout, Measured, PeriodPlace, PeriodRule, PeriodSource, Policy, Role,
        RowWords, Sections, StoreRule, Table,
    },
    text,
};

/// Name of layouts that were learned.
pub(super) const FOUND: &str = "found by looking at a file";

/// The words over the figures of a grid, and the rest of what its header says.
pub(super) struct GridPart {
    pub(super) quantity: Vec<String>,
    pub(super) amount: Vec<String>,
    pub(super) grid: Grid,
}

/// The parts of a profile.
pub(super) struct Draft<'d, 'b> {
    pub(super) vendor: Vendor,
    pub(super) known: Option<&'d Profile>,
    pub(super) currency: Option<Currency>,
    pub(super) vat: Option<bool>,
    pub(super) period: PeriodSource,
    pub(super) columns: &'d Columns<'b>,
    pub(super) headerless: bool,
    /// Headers of the columns that have no role.
    pub(super) others: Option<Vec<String>>,
    /// Headers of further sheets that are not read.
    pub(super) beside: Vec<String>,
    pub(super) words: BTreeMap<Role, RowWords>,
    pub(super) all_sheets: bool,
    pub(super) sheets_are_stores: bool,
    /// Columns whose cells stand only where they change.
    pub(super) fill_down: Vec<u32>,
    pub(super) sections: Option<Sections>,
    pub(super) measured: Option<Measured>,
    pub(super) stores: Stores,
    pub(super) grid: Option<GridPart>,
    pub(super) input: &'d Input<'d>,
}

impl Draft<'_, '_> {
    pub(super) fn profile(self) -> Profile {
        let decimal = match self.input.answer("decimal") {
            Some(",") => Some(DecimalSign::Comma),
            Some(_) => Some(DecimalSign::Point),
            None => self.known.and_then(|profile| profile.decimal),
        };
        let date_order = match self.input.answer("date_order") {
            Some("month_first") => Some(DateOrder::MonthFirst),
            Some(_) => Some(DateOrder::DayFirst),
            None => self.known.and_then(|profile| profile.date_order),
        };
        let places = match self.period {
            PeriodSource::Stated => vec![PeriodPlace::FileName, PeriodPlace::SheetName, PeriodPlace::Title],
            _ => Vec::new(),
        };
        // Lines of orders carry their key, so that an export of any span of days can be taken.
        let by_order = self.columns.contains_key(&Role::OrderId) && self.period == PeriodSource::Date;
        let kind = if by_order {
            DocumentKind::Increment
        } else if self.period == PeriodSource::Header {
            DocumentKind::Living
        } else {
            DocumentKind::Snapshot
        };
        let table = self.table();
        let file_words = file_words(&self.vendor.name, self.input.file_name);
        Profile {
            vendor: self.vendor.key,
            name: self.vendor.name,
            version: 1,
            currency: self.currency,
            vat_included: self.vat,
            file_words,
            decimal,
            date_order,
            layouts: vec![Layout {
                name: FOUND.to_owned(),
                document: kind,
                generic: false,
                currency: None,
                vat_included: None,
                period: PeriodRule { from: self.period, weekday: None, repeated: None, places },
                store: StoreRule {
                    sheets: self.sheets_are_stores,
                    may_lack: self.stores.may_lack,
                    ..StoreRule::default()
                },
                country: None,
                rows_without_ean: Policy::Keep,
                zero_rows: Policy::Ignore,
                tables: vec![table],
            }],
        }
    }

    fn table(&self) -> Table {
        let grid = self.grid.as_ref();
        let in_header = |role: Role| grid.is_some() && matches!(role, Role::Quantity | Role::Amount);
        let own = || self.columns.iter().filter(|(role, _)| !in_header(**role));
        let mut columns: BTreeMap<Role, Vec<String>> = own()
            .filter(|(_, column)| !column.title.is_empty())
            .map(|(role, column)| (*role, vec![text::fold(&column.title)]))
            .collect();
        for (role, words) in
            [(Role::Quantity, grid.map(|g| &g.quantity)), (Role::Amount, grid.map(|g| &g.amount))]
        {
            columns.extend(words.filter(|words| !words.is_empty()).map(|words| (role, words.clone())));
        }
        let unnamed = own().filter(|(_, column)| column.title.is_empty()).map(|(role, _)| *role);
        let positions = self.columns.iter().map(|(role, column)| (*role, column.index));
        let fills = |(_, column): &(&Role, &&Column)| self.fill_down.contains(&column.index);
        let mut required = required(self.columns, self.period);
        // Its words stand in the rows, not in the header.
        required.retain(|role| self.measured.is_none() || *role != Role::Quantity);
        Table {
            cut: Some(Cut::main()),
            sheets: Vec::new(),
            required,
            positions: if self.headerless { positions.collect() } else { BTreeMap::new() },
            others: self.others.clone(),
            beside: self.beside.clone(),
            words: self.words.clone(),
            all_sheets: self.all_sheets,
            unnamed: if self.headerless { Vec::new() } else { unnamed.collect() },
            fill_down: own().filter(fills).map(|(role, _)| *role).collect(),
            sections: self.sections.clone(),
            measured: self.measured.clone(),
            all_stores: self.stores.all.clone(),
            period: None,
            sums_of: None,
            grid: grid.map(|grid| grid.grid.clone()),
            pivot: None,
            columns: if self.headerless { BTreeMap::new() } else { columns },
        }
    }
}

/// The vendor's name, where the file name has it: it tells its files from others with the same headers.
fn file_words(vendor: &str, file_name: &str) -> Vec<String> {
    let name = text::compact(vendor);
    let stands = name.chars().count() > 3 && text::compact(file_name).contains(&name);
    if stands { vec![text::fold(vendor)] } else { Vec::new() }
}

/// Figures, period and currency make the table; so do the words that tell sales from other rows, and one name.
fn required(columns: &Columns<'_>, period: PeriodSource) -> Vec<Role> {
    const ALWAYS: [Role; 6] =
        [Role::Quantity, Role::Amount, Role::UnitPrice, Role::Currency, Role::Status, Role::LineType];
    const NAMES: [Role; 6] = [Role::Ean, Role::Sku, Role::Code, Role::OrderId, Role::Name, Role::Store];
    let of_period: &[Role] = match period {
        PeriodSource::YearAndMonth => &[Role::Year, Role::Month],
        PeriodSource::Date | PeriodSource::MonthOfDate => &[Role::Date],
        PeriodSource::WeekEnding => &[Role::WeekEnding],
        PeriodSource::WeekStarting => &[Role::WeekStarting],
        PeriodSource::Text | PeriodSource::WeekNumber => &[Role::Period],
        _ => &[],
    };
    let mut required: Vec<Role> =
        ALWAYS.iter().chain(of_period).copied().filter(|role| columns.contains_key(role)).collect();
    required.extend(NAMES.into_iter().find(|role| columns.contains_key(role)));
    required
}
