//! What figures are broken down and filtered by.

use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A dimension of the books.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    Day,
    /// ISO 8601: begins on Monday.
    Week,
    Month,
    Quarter,
    Year,
    /// Begins with the organisation's month.
    FiscalYear,
    Vendor,
    Store,
    StoreKind,
    Channel,
    /// By EAN.
    Product,
    Category,
    Size,
    Country,
    City,
    Currency,
    LineClass,
    UtmSource,
    UtmMedium,
    UtmCampaign,
    Device,
}

impl Dimension {
    pub const ALL: [Self; 21] = [
        Self::Day,
        Self::Week,
        Self::Month,
        Self::Quarter,
        Self::Year,
        Self::FiscalYear,
        Self::Vendor,
        Self::Store,
        Self::StoreKind,
        Self::Channel,
        Self::Product,
        Self::Category,
        Self::Size,
        Self::Country,
        Self::City,
        Self::Currency,
        Self::LineClass,
        Self::UtmSource,
        Self::UtmMedium,
        Self::UtmCampaign,
        Self::Device,
    ];

    /// The name used in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
            Self::FiscalYear => "fiscal_year",
            Self::Vendor => "vendor",
            Self::Store => "store",
            Self::StoreKind => "store_kind",
            Self::Channel => "channel",
            Self::Product => "product",
            Self::Category => "category",
            Self::Size => "size",
            Self::Country => "country",
            Self::City => "city",
            Self::Currency => "currency",
            Self::LineClass => "line_class",
            Self::UtmSource => "utm_source",
            Self::UtmMedium => "utm_medium",
            Self::UtmCampaign => "utm_campaign",
            Self::Device => "device",
        }
    }

    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Day => "Day on which a row counts: of the sale, else the last one of its period.",
            Self::Week => "ISO week, by its Monday.",
            Self::Month => "Month, by its first day.",
            Self::Quarter => "Quarter, by its first day.",
            Self::Year => "Year, by its first day.",
            Self::FiscalYear => "Fiscal year of the organisation, by its first day.",
            Self::Vendor => "Who reported it.",
            Self::Store => "Confirmed name of the store, else as printed.",
            Self::StoreKind => "physical or online (a retailer's own web shop).",
            Self::Channel => "retail: sold by a retailer; online: in the organisation's own web shop.",
            Self::Product => "EAN; null: not matched yet.",
            Self::Category => "As the catalogue says it.",
            Self::Size => "As the catalogue says it.",
            Self::Country => "As the file or the confirmed store says it.",
            Self::City => "As the file or the confirmed store says it.",
            Self::Currency => "Of the local amounts, ISO 4217.",
            Self::LineClass => "sale, return, tester, sample, gift or bulk.",
            Self::UtmSource => "Where buyers of the web shop came from.",
            Self::UtmMedium => "By which medium they came.",
            Self::UtmCampaign => "By which campaign they came.",
            Self::Device => "What they ordered with.",
        }
    }

    /// Whether it is a span of days.
    #[must_use]
    pub fn is_time(self) -> bool {
        matches!(self, Self::Day | Self::Week | Self::Month | Self::Quarter | Self::Year | Self::FiscalYear)
    }

    /// Whether web shops alone say it.
    #[must_use]
    pub fn is_of_orders(self) -> bool {
        matches!(self, Self::UtmSource | Self::UtmMedium | Self::UtmCampaign | Self::Device)
    }

    /// The only values there are, where they are few and fixed.
    #[must_use]
    pub fn values(self) -> Option<&'static [&'static str]> {
        match self {
            Self::Channel => Some(&["online", "retail"]),
            Self::StoreKind => Some(&["online", "physical"]),
            Self::LineClass => Some(&["sale", "return", "tester", "sample", "gift", "bulk"]),
            _ => None,
        }
    }
}

impl FromStr for Dimension {
    type Err = &'static str;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|dimension| dimension.as_str() == word)
            .ok_or("There is no such dimension: see GET /v1/metrics.")
    }
}
