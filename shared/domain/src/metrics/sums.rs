//! What metrics are made of.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::Why;

/// A sum over rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Measure {
    Euro,
    Local,
    Quantity,
    /// Of the line class `return`.
    ReturnsEuro,
    /// Of all other line classes.
    GrossEuro,
    /// Over rows that have euro and a quantity.
    PairedEuro,
    PairedQuantity,
    /// Distinct orders.
    Orders,
    /// Distinct buyers.
    Buyers,
    /// Over order lines.
    OrderEuro,
    OrderQuantity,
    CostEuro,
    FeesEuro,
    /// Over order lines whose cost is known.
    ProfitEuro,
    CostedEuro,
}

/// Everything that is summed up about some rows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sums {
    pub records: i64,
    /// First and last day on which something that is no return counts.
    pub first: Option<NaiveDate>,
    pub last: Option<NaiveDate>,
    pub euro: Decimal,
    pub with_euro: i64,
    /// Rows with an amount that no rate converts.
    pub unconverted: i64,
    pub local: Decimal,
    pub with_local: i64,
    pub currencies: i64,
    /// Where it is one.
    pub currency: Option<String>,
    pub quantity: Decimal,
    pub with_quantity: i64,
    pub returns_euro: Decimal,
    pub paired_euro: Decimal,
    pub paired_quantity: Decimal,
    pub order_lines: i64,
    pub order_euro: Decimal,
    /// Order lines with an amount that no rate converts.
    pub unconverted_orders: i64,
    pub order_quantity: Decimal,
    /// Zero unless asked for, like all that follow.
    pub orders: i64,
    pub buyers: i64,
    /// Order lines whose buyer is kept.
    pub with_buyer: i64,
    pub costed_lines: i64,
    pub cost_euro: Decimal,
    pub fees_euro: Decimal,
    pub profit_euro: Decimal,
    pub costed_euro: Decimal,
}

/// What is summed up about one combination of values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// A value for each dimension asked for, in their order; days as `YYYY-MM-DD`. `None`: the rows do not say.
    pub key: Vec<Option<String>>,
    pub sums: Sums,
}

impl Sums {
    #[must_use]
    pub fn get(&self, measure: Measure) -> Decimal {
        match measure {
            Measure::Euro => self.euro,
            Measure::Local => self.local,
            Measure::Quantity => self.quantity,
            Measure::ReturnsEuro => self.returns_euro,
            Measure::GrossEuro => self.euro - self.returns_euro,
            Measure::PairedEuro => self.paired_euro,
            Measure::PairedQuantity => self.paired_quantity,
            Measure::Orders => self.orders.into(),
            Measure::Buyers => self.buyers.into(),
            Measure::OrderEuro => self.order_euro,
            Measure::OrderQuantity => self.order_quantity,
            Measure::CostEuro => self.cost_euro,
            Measure::FeesEuro => self.fees_euro,
            Measure::ProfitEuro => self.profit_euro,
            Measure::CostedEuro => self.costed_euro,
        }
    }

    /// Why there is no such sum, or none that holds.
    pub(super) fn why_not(&self, measure: Measure) -> Option<Why> {
        // Orders are all counted: divided by them, a part of what they brought is no mean.
        if measure == Measure::OrderEuro && self.unconverted_orders > 0 {
            return Some(Why::FxRateMissing);
        }
        let why = if measure.is_converted() && self.unconverted > 0 {
            Why::FxRateMissing
        } else {
            Why::NotReported
        };
        (!self.has(measure)).then_some(why)
    }

    /// Whether any row says it; where there are no rows at all, their sum is zero.
    fn has(&self, measure: Measure) -> bool {
        let rows = match measure {
            Measure::Euro | Measure::ReturnsEuro | Measure::GrossEuro => self.with_euro,
            Measure::Local => self.with_local,
            Measure::Quantity => self.with_quantity,
            Measure::PairedEuro | Measure::PairedQuantity => self.with_euro.min(self.with_quantity),
            Measure::Orders | Measure::OrderEuro | Measure::OrderQuantity => self.order_lines,
            Measure::Buyers => self.with_buyer,
            Measure::CostEuro | Measure::FeesEuro | Measure::ProfitEuro | Measure::CostedEuro => {
                self.costed_lines
            }
        };
        rows > 0 || self.records == 0
    }
}

impl Measure {
    /// The sum in SQL, over columns named like the fields of [`Sums`].
    #[must_use]
    pub fn sql(self) -> &'static str {
        match self {
            Self::Euro => "euro",
            Self::Local => "local",
            Self::Quantity => "quantity",
            Self::ReturnsEuro => "returns_euro",
            Self::GrossEuro => "(euro - returns_euro)",
            Self::PairedEuro => "paired_euro",
            Self::PairedQuantity => "paired_quantity",
            Self::Orders => "orders",
            Self::Buyers => "buyers",
            Self::OrderEuro => "order_euro",
            Self::OrderQuantity => "order_quantity",
            Self::CostEuro => "cost_euro",
            Self::FeesEuro => "fees_euro",
            Self::ProfitEuro => "profit_euro",
            Self::CostedEuro => "costed_euro",
        }
    }

    /// Whether it is an amount in euro: what no rate converts is not in it.
    #[must_use]
    pub fn is_converted(self) -> bool {
        match self {
            Self::Euro | Self::ReturnsEuro | Self::GrossEuro | Self::PairedEuro | Self::OrderEuro => true,
            Self::Local
            | Self::Quantity
            | Self::PairedQuantity
            | Self::Orders
            | Self::Buyers
            | Self::OrderQuantity => false,
            cost => cost.is_cost(),
        }
    }

    /// Whether it needs the lines of orders themselves.
    #[must_use]
    pub fn counts_orders(self) -> bool {
        self == Self::Orders
    }

    /// Whether it needs who ordered.
    #[must_use]
    pub fn counts_buyers(self) -> bool {
        self == Self::Buyers
    }

    /// Whether it needs what order lines cost.
    #[must_use]
    pub fn is_cost(self) -> bool {
        matches!(self, Self::CostEuro | Self::FeesEuro | Self::ProfitEuro | Self::CostedEuro)
    }
}
