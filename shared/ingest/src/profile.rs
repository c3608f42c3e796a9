//! Vendor profiles: what a vendor's files look like, as data. The fields are explained in `vendors/README.md`.

use std::collections::BTreeMap;

use domain::{Currency, Cut, DocumentKind, StoreKind};
use serde::Deserialize;

use crate::text;

/// The profiles a file is compared with.
#[derive(Debug)]
pub struct Profiles {
    all: Vec<Profile>,
}

/// A profile that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    #[error("vendor profile {name} does not fit the schema")]
    Schema {
        name: String,
        #[source]
        source: Box<toml::de::Error>,
    },
    #[error("vendor profile {name}: {problem}")]
    Meaning { name: String, problem: String },
}

/// A vendor.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Profile {
    pub(crate) vendor: String,
    pub(crate) name: String,
    pub(crate) version: u32,
    pub(crate) currency: Currency,
    pub(crate) vat_included: bool,
    /// Words of a file name that speak for the vendor.
    #[serde(default)]
    pub(crate) file_words: Vec<String>,
    /// Decimal separator of the vendor's country, for columns of which no text tells.
    pub(crate) decimal: Option<DecimalSign>,
    pub(crate) layouts: Vec<Layout>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(crate) enum DecimalSign {
    #[serde(rename = ".")]
    Point,
    #[serde(rename = ",")]
    Comma,
}

/// One kind of file that a vendor sends.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Layout {
    pub(crate) name: String,
    pub(crate) document: DocumentKind,
    /// Headers that many vendors use: the layout only counts together with the vendor's word in the file name.
    #[serde(default)]
    pub(crate) generic: bool,
    pub(crate) period: PeriodRule,
    #[serde(default)]
    pub(crate) store: StoreRule,
    /// Country of all sales, where rows do not say.
    pub(crate) country: Option<String>,
    /// What becomes of rows without an EAN.
    #[serde(default)]
    pub(crate) rows_without_ean: Policy,
    /// What becomes of rows where nothing was sold: no quantity and no amount.
    #[serde(default = "ignore")]
    pub(crate) zero_rows: Policy,
    pub(crate) tables: Vec<Table>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
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
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PeriodRule {
    pub(crate) from: PeriodSource,
    /// Weekly files: the weekday their date falls on, which settles a misspelt date.
    pub(crate) weekday: Option<Weekday>,
    /// A cell that repeats the month and must agree.
    pub(crate) repeated: Option<RepeatedMonth>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PeriodSource {
    /// Columns `year` and `month`.
    YearAndMonth,
    /// Column `date`: every row is of one day.
    Date,
    /// Column `period`: `Q2 2026`, `Apr-Jun 2026`, `2026-04`.
    Text,
    /// A month or quarter in the file name.
    FileNameMonth,
    /// A date in the file name; the file reports the seven days before it.
    FileNameWeekBefore,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
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

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RepeatedMonth {
    pub(crate) sheet: String,
    pub(crate) column: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StoreRule {
    /// The store of all rows, where no column names one.
    pub(crate) name: Option<String>,
    /// Kind of all stores, where their names do not tell.
    pub(crate) kind: Option<StoreKind>,
    /// City of the physical stores, where rows do not say.
    pub(crate) physical_city: Option<String>,
}

/// One table of a layout.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Table {
    /// The cut its rows belong to; a table without one only serves as control.
    pub(crate) cut: Option<Cut>,
    /// Names of the sheet: they speak for the layout and choose among sheets with the same headers.
    #[serde(default)]
    pub(crate) sheets: Vec<String>,
    /// Columns without which it is not this table.
    pub(crate) required: Vec<Role>,
    /// Header words of each column, the preferred first.
    pub(crate) columns: BTreeMap<Role, Vec<String>>,
    /// Present when stores stand side by side above the figures.
    pub(crate) pivot: Option<Pivot>,
}

/// Figures in groups of columns under header rows with stores and views.
#[derive(Debug, Deserialize)]
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

/// What a column means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Role {
    Year,
    Month,
    Date,
    Period,
    Store,
    Ean,
    /// The vendor's article number.
    Code,
    /// Article number and name in one cell: `131362 - Tester Radio Child EDP 100ml`.
    Article,
    Sku,
    /// Our article number as the vendor knows it; what follows a bracket is not part of it.
    Reference,
    Name,
    Size,
    Quantity,
    Amount,
    QuantityLastYear,
    AmountLastYear,
    OrderId,
    IsGift,
    CostOfGoods,
    PaymentFee,
    UtmSource,
    UtmMedium,
    UtmCampaign,
    Device,
    Country,
    City,
}

impl Role {
    pub(crate) fn is_figure(self) -> bool {
        matches!(
            self,
            Self::Quantity
                | Self::Amount
                | Self::QuantityLastYear
                | Self::AmountLastYear
                | Self::CostOfGoods
                | Self::PaymentFee
        )
    }
}

/// Name and text of every profile in `vendors/`, listed by the build script.
const SHIPPED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/shipped.rs"));

impl Profiles {
    /// The profiles that come with Shelfline.
    ///
    /// # Errors
    /// When a shipped profile does not fit the schema.
    pub fn shipped() -> Result<Self, ProfileError> {
        Self::parse(SHIPPED.iter().copied())
    }

    /// Reads profiles from name and TOML text.
    ///
    /// # Errors
    /// When a profile does not fit the schema or contradicts itself.
    pub fn parse<'a>(texts: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, ProfileError> {
        let mut all: Vec<Profile> = Vec::new();
        for (name, text) in texts {
            let profile: Profile = toml::from_str(text)
                .map_err(|source| ProfileError::Schema { name: name.to_owned(), source: Box::new(source) })?;
            let meaning = |problem: String| ProfileError::Meaning { name: name.to_owned(), problem };
            profile.check().map_err(meaning)?;
            if all.iter().any(|other| other.vendor == profile.vendor) {
                return Err(meaning(format!("vendor {} has a profile already", profile.vendor)));
            }
            all.push(profile);
        }
        Ok(Self { all })
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Profile> {
        self.all.iter()
    }

    pub(crate) fn find(&self, vendor: &str) -> Option<&Profile> {
        self.all.iter().find(|profile| profile.vendor == vendor)
    }
}

impl Profile {
    /// Name and version, for example `liberty@1`.
    pub(crate) fn layout_id(&self) -> String {
        format!("{}@{}", self.vendor, self.version)
    }

    fn check(&self) -> Result<(), String> {
        if self.vendor.is_empty() || text::fold(&self.vendor).replace(' ', "_") != self.vendor {
            return Err(format!("vendor key {:?} is not lower case", self.vendor));
        }
        if self.layouts.is_empty() {
            return Err("it has no layout".to_owned());
        }
        self.layouts.iter().try_for_each(|layout| {
            layout.check(self).map_err(|problem| format!("layout {:?}: {problem}", layout.name))
        })
    }
}

impl Layout {
    /// The table whose rows count.
    pub(crate) fn main(&self) -> Option<&Table> {
        self.tables.first().filter(|table| table.cut.as_ref().is_some_and(Cut::is_main))
    }

    fn check(&self, profile: &Profile) -> Result<(), String> {
        let mains = self.tables.iter().filter(|table| table.cut.as_ref().is_some_and(Cut::is_main)).count();
        let Some(main) = self.main().filter(|_| mains == 1) else {
            return Err("the first table, and only this one, has the cut \"main\"".to_owned());
        };
        if self.generic && profile.file_words.is_empty() {
            return Err("a generic layout needs file_words to be recognised by".to_owned());
        }
        let needed: &[Role] = match self.period.from {
            PeriodSource::YearAndMonth => &[Role::Year, Role::Month],
            PeriodSource::Date => &[Role::Date],
            PeriodSource::Text => &[Role::Period],
            PeriodSource::FileNameMonth | PeriodSource::FileNameWeekBefore => &[],
        };
        if let Some(role) = needed.iter().find(|role| !main.required.contains(role)) {
            return Err(format!("the period needs the column {role:?} to be required"));
        }
        self.tables.iter().try_for_each(Table::check)
    }
}

impl Table {
    fn check(&self) -> Result<(), String> {
        if let Some(role) = self.required.iter().find(|role| !self.columns.contains_key(role)) {
            return Err(format!("required column {role:?} has no header words"));
        }
        if !self.required.iter().any(|role| role.is_figure()) {
            return Err("a table requires a quantity or an amount".to_owned());
        }
        let mut roles: BTreeMap<String, Role> = BTreeMap::new();
        for (role, words) in &self.columns {
            for word in words.iter().map(|word| text::compact(word)) {
                if word.is_empty() {
                    return Err(format!("a header word of column {role:?} has no letters"));
                }
                if let Some(other) = roles.insert(word.clone(), *role).filter(|other| other != role) {
                    return Err(format!("the header word {word:?} stands for {other:?} and {role:?}"));
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
