//! Figures, each with its definition.

use std::str::FromStr;

use rust_decimal::{Decimal, RoundingStrategy};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Measure, Sums, definitions};
use crate::Channel;

/// A figure that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    RevenueEur,
    RevenueLocal,
    Units,
    Orders,
    Buyers,
    AveragePriceEur,
    AverageOrderValueEur,
    ItemsPerOrder,
    ReturnsEur,
    ReturnRate,
    CostEur,
    FeesEur,
    GrossProfitEur,
    Margin,
    SellThrough,
}

/// What a figure is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    Euro,
    /// The one currency of what is summed up.
    LocalCurrency,
    Pieces,
    Orders,
    Buyers,
    Percent,
}

/// How a figure follows from sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Formula {
    Sum(Measure),
    /// `of` x `scale` / `to`.
    Ratio {
        of: Measure,
        to: Measure,
        scale: i64,
    },
    /// Nothing that is known says it.
    Never(Why),
}

/// What a metric is, for people and programs.
#[derive(Debug, Clone, Copy)]
pub struct Definition {
    pub key: &'static str,
    pub title: &'static str,
    pub meaning: &'static str,
    pub unit: Unit,
    /// Which line classes count.
    pub line_classes: &'static str,
    pub formula: Formula,
    /// The only ones who report it; `None`: everybody can.
    pub reported_by: Option<Channel>,
    /// Whether sums of its parts are the whole, so that shares and contributions make sense.
    pub additive: bool,
    /// Whether it shows what things cost: that needs `costs:read`.
    pub is_cost: bool,
}

/// A figure, or why there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value {
    Known(Decimal),
    Unknown(Why),
}

/// Why there is no figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Something was sold, but nobody reports this about it.
    NotReported,
    /// What it is divided by is zero.
    DividedByZero,
    /// Amounts in several currencies have no sum.
    SeveralCurrencies,
    /// No file that is known says how much is in stock.
    NoStock,
    /// Nothing converts the amounts, or a part of them that the figure cannot do without.
    FxRateMissing,
}

impl Metric {
    pub const ALL: [Self; 15] = [
        Self::RevenueEur,
        Self::RevenueLocal,
        Self::Units,
        Self::Orders,
        Self::Buyers,
        Self::AveragePriceEur,
        Self::AverageOrderValueEur,
        Self::ItemsPerOrder,
        Self::ReturnsEur,
        Self::ReturnRate,
        Self::CostEur,
        Self::FeesEur,
        Self::GrossProfitEur,
        Self::Margin,
        Self::SellThrough,
    ];

    /// The name used in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.definition().key
    }

    /// The figure that these sums give.
    #[must_use]
    pub fn value(self, sums: &Sums) -> Value {
        let value = |measure: Measure| sums.get(measure);
        let figure = match self.definition().formula {
            Formula::Never(why) => {
                return if sums.records == 0 { Value::Known(Decimal::ZERO) } else { Value::Unknown(why) };
            }
            Formula::Sum(Measure::Local) if sums.currencies > 1 => {
                return Value::Unknown(Why::SeveralCurrencies);
            }
            Formula::Sum(measure) | Formula::Ratio { of: measure, .. }
                if let Some(why) = sums.why_not(measure) =>
            {
                return Value::Unknown(why);
            }
            Formula::Sum(measure) => value(measure),
            Formula::Ratio { of, to, scale } => {
                match (value(of) * Decimal::from(scale)).checked_div(value(to)) {
                    Some(ratio) => ratio,
                    None => return Value::Unknown(Why::DividedByZero),
                }
            }
        };
        Value::Known(self.definition().unit.round(figure))
    }

    /// Whether it rests on amounts in euro: what no rate converts is not in it.
    #[must_use]
    pub fn is_converted(self) -> bool {
        match self.definition().formula {
            Formula::Never(_) => false,
            Formula::Sum(measure) | Formula::Ratio { of: measure, .. } => measure.is_converted(),
        }
    }

    /// What it is.
    #[must_use]
    pub const fn definition(self) -> Definition {
        match self {
            Self::RevenueEur => definitions::REVENUE_EUR,
            Self::RevenueLocal => definitions::REVENUE_LOCAL,
            Self::Units => definitions::UNITS,
            Self::Orders => definitions::ORDERS,
            Self::Buyers => definitions::BUYERS,
            Self::AveragePriceEur => definitions::AVERAGE_PRICE_EUR,
            Self::AverageOrderValueEur => definitions::AVERAGE_ORDER_VALUE_EUR,
            Self::ItemsPerOrder => definitions::ITEMS_PER_ORDER,
            Self::ReturnsEur => definitions::RETURNS_EUR,
            Self::ReturnRate => definitions::RETURN_RATE,
            Self::CostEur => definitions::COST_EUR,
            Self::FeesEur => definitions::FEES_EUR,
            Self::GrossProfitEur => definitions::GROSS_PROFIT_EUR,
            Self::Margin => definitions::MARGIN,
            Self::SellThrough => definitions::SELL_THROUGH,
        }
    }
}

impl FromStr for Metric {
    type Err = &'static str;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|metric| metric.as_str() == word)
            .ok_or("There is no such metric: see GET /v1/metrics.")
    }
}

impl Unit {
    /// As shown: money and percent to two decimals, half away from zero; pieces without needless zeros.
    #[must_use]
    pub fn round(self, figure: Decimal) -> Decimal {
        let mut rounded =
            figure.round_dp_with_strategy(self.decimals(), RoundingStrategy::MidpointAwayFromZero);
        match self {
            Self::Euro | Self::LocalCurrency | Self::Percent => rounded.rescale(self.decimals()),
            Self::Pieces | Self::Orders | Self::Buyers => rounded = rounded.normalize(),
        }
        rounded
    }

    fn decimals(self) -> u32 {
        match self {
            Self::Euro | Self::LocalCurrency | Self::Percent => 2,
            Self::Pieces | Self::Orders | Self::Buyers => 3,
        }
    }
}

impl Value {
    #[must_use]
    pub fn known(self) -> Option<Decimal> {
        match self {
            Self::Known(figure) => Some(figure),
            Self::Unknown(_) => None,
        }
    }

    #[must_use]
    pub fn why_not(self) -> Option<Why> {
        match self {
            Self::Known(_) => None,
            Self::Unknown(why) => Some(why),
        }
    }
}

impl Why {
    /// For people.
    #[must_use]
    pub fn message(self) -> &'static str {
        match self {
            Self::NotReported => "Something was sold, but no file says this about it.",
            Self::DividedByZero => "What it is divided by is zero.",
            Self::SeveralCurrencies => {
                "Amounts in several currencies have no sum: ask for one currency, or in euro."
            }
            Self::NoStock => "No file that was booked reports stock.",
            Self::FxRateMissing => {
                "Something was sold for which there is no exchange rate: import the rate of its month."
            }
        }
    }
}
