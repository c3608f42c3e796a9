//! Vendor profiles: what a vendor's files look like, as data. The fields are explained in `vendors/README.md`.

mod consistency;
mod exchange;
mod grid;
mod measured;
mod role;
mod sections;
mod shipped;

use std::collections::BTreeMap;

use domain::{Currency, Cut, DocumentKind, StoreKind};
use serde::{Deserialize, Serialize};

pub use self::{
    exchange::InvalidProfile,
    shipped::{ProfileError, Profiles},
};
pub(crate) use grid::{Above, Days, Grid, Measure};
pub(crate) use measured::Measured;
pub(crate) use role::Role;
pub(crate) use sections::Sections;

/// What a vendor's files look like.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    pub(crate) vendor: String,
    pub(crate) name: String,
    pub(crate) version: u32,
    /// Of all amounts; absent where a column says it row by row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) currency: Option<Currency>,
    /// Absent where nobody knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) vat_included: Option<bool>,
    /// Words of a file name that speak for the vendor.
    #[serde(default)]
    pub(crate) file_words: Vec<String>,
    /// Decimal separator of the vendor's country, for columns of which no text tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) decimal: Option<DecimalSign>,
    /// Which of day and month the vendor writes first, for columns of which no date tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) date_order: Option<DateOrder>,
    pub(crate) layouts: Vec<Layout>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum DecimalSign {
    #[serde(rename = ".")]
    Point,
    #[serde(rename = ",")]
    Comma,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DateOrder {
    DayFirst,
    MonthFirst,
}

/// One kind of file that a vendor sends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Layout {
    pub(crate) name: String,
    pub(crate) document: DocumentKind,
    /// Headers that many vendors use: the layout only counts together with the vendor's word in the file name.
    #[serde(default)]
    pub(crate) generic: bool,
    /// Where it is another one than the profile's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) currency: Option<Currency>,
    /// Where it is another one than the profile's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) vat_included: Option<bool>,
    pub(crate) period: PeriodRule,
    #[serde(default)]
    pub(crate) store: StoreRule,
    /// Country of all sales, where rows do not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) country: Option<String>,
    /// What becomes of rows without an EAN.
    #[serde(default)]
    pub(crate) rows_without_ean: Policy,
    /// What becomes of rows where nothing was sold: no quantity and no amount.
    #[serde(default = "ignore")]
    pub(crate) zero_rows: Policy,
    pub(crate) tables: Vec<Table>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Policy {
    #[default]
    Keep,
    Ignore,
}

fn ignore() -> Policy {
    Policy::Ignore
}

/// Where a row's period comes from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PeriodRule {
    pub(crate) from: PeriodSource,
    /// Weekly files: the weekday their date falls on, which settles a misspelt date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) weekday: Option<Weekday>,
    /// A cell that repeats the month and must agree.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) repeated: Option<RepeatedMonth>,
    /// Of `stated`: where the period may stand. All that say something must agree.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) places: Vec<PeriodPlace>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PeriodSource {
    /// Columns `year` and `month`.
    YearAndMonth,
    /// Column `date`: every row is of one day.
    Date,
    /// Column `date`, but what counts is the month in which it lies.
    MonthOfDate,
    /// Column `week_ending`: the seven days that end with its date.
    WeekEnding,
    /// Column `week_starting`: the seven days that begin with its date.
    WeekStarting,
    /// Column `period`: `Q2 2026`, `Apr-Jun 2026`, `2026-04`.
    Text,
    /// Column `period`: the number of a calendar week behind its year, `202610`.
    WeekNumber,
    /// A month or quarter in the file name.
    FileNameMonth,
    /// A date in the file name; the file reports the seven days before it.
    FileNameWeekBefore,
    /// Header words above the figures of a grid.
    Header,
    /// Rows that name the period of those below them: a level of `sections`.
    Section,
    /// The whole file has one period, which stands in `places`.
    Stated,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PeriodPlace {
    FileName,
    SheetName,
    /// A cell above the table.
    Title,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RepeatedMonth {
    pub(crate) sheet: String,
    pub(crate) column: String,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StoreRule {
    /// The store of all rows, where no column names one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    /// Every sheet is a store and has its name.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) sheets: bool,
    /// Rows may name no store although others do: it stays unknown.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) may_lack: bool,
    /// Kind of all stores, where their names do not tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) kind: Option<StoreKind>,
    /// City of the physical stores, where rows do not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) physical_city: Option<String>,
    /// Names of stores that are online although their names do not tell.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) online: Vec<String>,
}

/// One table of a layout.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Table {
    /// The cut its rows belong to; a table without one only serves as control.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cut: Option<Cut>,
    /// Names of the sheet: they speak for the layout and choose among sheets with the same headers. `*` stands for
    /// any characters, `#` for a digit.
    #[serde(default)]
    pub(crate) sheets: Vec<String>,
    /// Columns without which it is not this table.
    pub(crate) required: Vec<Role>,
    /// Header words of each column, the preferred first.
    #[serde(default)]
    pub(crate) columns: BTreeMap<Role, Vec<String>>,
    /// Columns by their place, the first being 0: for tables without headers.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) positions: BTreeMap<Role, u32>,
    /// Of a layout that was learned: the headers that the file had besides. A file with a further one that may change
    /// what its rows mean is not of this layout.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) others: Option<Vec<String>>,
    /// Of a layout that was learned: the headers of further sheets with figures of sales, which do not count.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) beside: Vec<String>,
    /// What the words of a column say about its row, for example of `status`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) words: BTreeMap<Role, RowWords>,
    /// Every sheet with these columns belongs to the table: they are read one after the other.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) all_sheets: bool,
    /// Columns left of the figures that have no header words; their cells tell which is which.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) unnamed: Vec<Role>,
    /// Columns whose cells stand only where they change: they hold on until the next one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) fill_down: Vec<Role>,
    /// Rows that name what the rows below them belong to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) sections: Option<Sections>,
    /// Words in the column of stores that name all of them together: rows with these are sums of others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) all_stores: Vec<String>,
    /// Present when pieces and money of an item stand in rows of their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) measured: Option<Measured>,
    /// Where the table's periods come from, where it is not the layout's rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) period: Option<PeriodSource>,
    /// Of a table without a cut: the cut whose sums it prints; without it the main one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) sums_of: Option<Cut>,
    /// Present when figures stand side by side under stores, months or measures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) grid: Option<Grid>,
    /// Present when stores stand side by side above the figures and an item has several rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pivot: Option<Pivot>,
}

/// Words by which a row is taken, taken with a minus sign, or left out. A row with another word is a question.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RowWords {
    #[serde(default)]
    pub(crate) sales: Vec<String>,
    #[serde(default)]
    pub(crate) returns: Vec<String>,
    #[serde(default)]
    pub(crate) ignored: Vec<String>,
}

/// Figures in groups of columns under header rows with stores and views.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Pivot {
    /// Header words above the columns of the period that the file reports.
    pub(crate) views: Vec<String>,
    /// Header words of the group that sums up all stores.
    #[serde(default)]
    pub(crate) all_stores: Vec<String>,
    /// Header words of columns that are filled only where their value changes.
    #[serde(default)]
    pub(crate) labels: Vec<String>,
}

impl Profile {
    /// Name and version, for example `liberty@1`.
    #[must_use]
    pub fn layout_id(&self) -> String {
        format!("{}@{}", self.vendor, self.version)
    }

    /// The key of the vendor.
    #[must_use]
    pub fn vendor(&self) -> &str {
        &self.vendor
    }

    /// The vendor's name for people.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    #[must_use]
    pub fn version(&self) -> u32 {
        self.version
    }

    /// Names of its layouts.
    pub fn layout_names(&self) -> impl Iterator<Item = &str> {
        self.layouts.iter().map(|layout| layout.name.as_str())
    }

    /// The same profile as another version.
    #[must_use]
    pub fn at_version(self, version: u32) -> Self {
        Self { version, ..self }
    }
}

impl Layout {
    /// The table whose rows count.
    pub(crate) fn main(&self) -> Option<&Table> {
        self.tables.first().filter(|table| table.cut.as_ref().is_some_and(Cut::is_main))
    }
}

#[cfg(test)]
mod tests;
