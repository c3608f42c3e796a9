//! The definitions of all metrics, in one table.

use super::{Definition, Formula, Measure, Unit, Why};
use crate::Channel;

/// The parts of a definition that most metrics share.
const PLAIN: Definition = Definition {
    key: "",
    title: "",
    meaning: "",
    unit: Unit::Euro,
    line_classes: "all",
    formula: Formula::Sum(Measure::Euro),
    reported_by: None,
    additive: true,
    is_cost: false,
};

pub(super) const REVENUE_EUR: Definition = Definition {
    key: "revenue_eur",
    title: "Revenue",
    meaning: "What was sold, less what was returned, in euro at the rate of the month. Amounts without a known rate are named under coverage, not counted.",
    ..PLAIN
};

pub(super) const REVENUE_LOCAL: Definition = Definition {
    key: "revenue_local",
    title: "Revenue in local currency",
    meaning: "What was sold, less what was returned, in the currency of the files. Only where it is one currency.",
    unit: Unit::LocalCurrency,
    formula: Formula::Sum(Measure::Local),
    ..PLAIN
};

pub(super) const UNITS: Definition = Definition {
    key: "units",
    title: "Units",
    meaning: "Pieces sold less pieces returned, testers, samples and gifts included.",
    unit: Unit::Pieces,
    formula: Formula::Sum(Measure::Quantity),
    ..PLAIN
};

pub(super) const ORDERS: Definition = Definition {
    key: "orders",
    title: "Orders",
    meaning: "Distinct orders of the web shops with at least one line that is no return.",
    unit: Unit::Orders,
    line_classes: "all but return",
    formula: Formula::Sum(Measure::Orders),
    reported_by: Some(Channel::Online),
    additive: false,
    ..PLAIN
};

pub(super) const BUYERS: Definition = Definition {
    key: "buyers",
    title: "Buyers",
    meaning: "Distinct buyers of the web shops, over orders whose buyer is kept: where the organisation keeps them, as keyed hashes.",
    unit: Unit::Buyers,
    formula: Formula::Sum(Measure::Buyers),
    ..ORDERS
};

pub(super) const AVERAGE_PRICE_EUR: Definition = Definition {
    key: "average_price_eur",
    title: "Average price",
    meaning: "Revenue by units, over rows that report both.",
    formula: Formula::Ratio { of: Measure::PairedEuro, to: Measure::PairedQuantity, scale: 1 },
    additive: false,
    ..PLAIN
};

pub(super) const AVERAGE_ORDER_VALUE_EUR: Definition = Definition {
    key: "average_order_value_eur",
    title: "Average order value",
    meaning: "Revenue of the web shops by their distinct orders.",
    formula: Formula::Ratio { of: Measure::OrderEuro, to: Measure::Orders, scale: 1 },
    reported_by: Some(Channel::Online),
    additive: false,
    ..PLAIN
};

pub(super) const ITEMS_PER_ORDER: Definition = Definition {
    key: "items_per_order",
    title: "Items per order",
    meaning: "Pieces of the web shops by their distinct orders.",
    unit: Unit::Pieces,
    formula: Formula::Ratio { of: Measure::OrderQuantity, to: Measure::Orders, scale: 1 },
    reported_by: Some(Channel::Online),
    additive: false,
    ..PLAIN
};

pub(super) const RETURNS_EUR: Definition = Definition {
    key: "returns_eur",
    title: "Returns",
    meaning: "What was returned, in euro; zero or negative.",
    line_classes: "return",
    formula: Formula::Sum(Measure::ReturnsEuro),
    ..PLAIN
};

pub(super) const RETURN_RATE: Definition = Definition {
    key: "return_rate",
    title: "Return rate",
    meaning: "Returns by revenue before returns, in percent.",
    unit: Unit::Percent,
    formula: Formula::Ratio { of: Measure::ReturnsEuro, to: Measure::GrossEuro, scale: -100 },
    additive: false,
    ..PLAIN
};

pub(super) const COST_EUR: Definition = Definition {
    key: "cost_eur",
    title: "Cost of goods",
    meaning: "What the goods of order lines cost, in euro.",
    formula: Formula::Sum(Measure::CostEuro),
    reported_by: Some(Channel::Online),
    is_cost: true,
    ..PLAIN
};

pub(super) const FEES_EUR: Definition = Definition {
    key: "fees_eur",
    title: "Fees",
    meaning: "Payment fees of order lines, in euro.",
    formula: Formula::Sum(Measure::FeesEuro),
    ..COST_EUR
};

pub(super) const GROSS_PROFIT_EUR: Definition = Definition {
    key: "gross_profit_eur",
    title: "Gross profit",
    meaning: "Revenue less cost of goods and fees, over order lines whose cost is known.",
    formula: Formula::Sum(Measure::ProfitEuro),
    ..COST_EUR
};

pub(super) const MARGIN: Definition = Definition {
    key: "margin",
    title: "Margin",
    meaning: "Gross profit by revenue in percent, over order lines whose cost is known.",
    unit: Unit::Percent,
    formula: Formula::Ratio { of: Measure::ProfitEuro, to: Measure::CostedEuro, scale: 100 },
    additive: false,
    ..COST_EUR
};

pub(super) const SELL_THROUGH: Definition = Definition {
    key: "sell_through",
    title: "Sell-through",
    meaning: "Pieces sold by pieces sold and in stock, in percent. Known only where files report stock.",
    unit: Unit::Percent,
    formula: Formula::Never(Why::NoStock),
    additive: false,
    ..PLAIN
};
