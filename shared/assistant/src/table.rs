//! What was computed, as rows.

mod grouped;
mod pairs;
mod series;
#[cfg(test)]
mod tests;

pub use series::{PriceSpread, Series, estimate, tabulate_prices};

use domain::metrics::{Dimension, Group, Metric, Sums, Unit, Why};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{Knowledge, Plan, Shape};

/// Rows with their columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Table {
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
    /// Whether there are more rows than are shown.
    pub truncated: bool,
    /// What each row is about, where it is one value.
    #[serde(skip)]
    pub keys: Vec<(Dimension, String)>,
    /// Why some of what was computed is not known.
    #[serde(skip)]
    pub reasons: Vec<Why>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Column {
    pub name: String,
    #[serde(rename = "type")]
    pub kind: Kind,
    pub unit: Option<&'static str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Text,
    Date,
    Decimal,
}

/// A value: text, a number as text, or nothing that is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Cell {
    Text(String),
    Number(Decimal),
    Nothing,
}

/// What the database said to the analyses of a plan, in their order.
pub type Computed = Vec<Vec<Group>>;

/// Makes the rows of a plan.
#[must_use]
pub fn tabulate(plan: &Plan, computed: &Computed, knowledge: &Knowledge) -> Table {
    let groups = |place: usize| computed.get(place).map(Vec::as_slice).unwrap_or_default();
    let whole = || groups(1).first().map(|group| &group.sums).cloned().unwrap_or_default();
    let builder = Builder { plan, knowledge };
    let mut table = match &plan.shape {
        Shape::Figures | Shape::Forecast | Shape::Anomalies | Shape::Volatility => builder.figures(groups(0)),
        Shape::Share => builder.share(groups(0), &whole()),
        Shape::Pareto => builder.pareto(groups(0), &whole()),
        Shape::PartOf { .. } => builder.part_of(groups(0), groups(1)),
        Shape::Compare { .. } => builder.compare(groups(0), groups(1)),
        Shape::Movers { direction, .. } => builder.movers(groups(0), groups(1), *direction),
        Shape::NotSold => builder.not_sold(groups(0), groups(1)),
        Shape::Growth => builder.growth(groups(0)),
        Shape::Average => builder.average(groups(0)),
        Shape::BestPer { keep } => builder.best_per(groups(0), *keep),
        Shape::Count => builder.count(groups(0)),
        Shape::List => builder.list(groups(0)),
        Shape::FirstSale => builder.days_of(groups(0), true),
        Shape::LastSale => builder.days_of(groups(0), false),
        Shape::Seasonality => builder.seasonality(groups(0)),
    };
    if table.rows.iter().any(|row| table.lacks(row)) {
        table.reasons = reasons(plan, computed);
    }
    table
}

impl Table {
    /// Whether a figure of this row is not known.
    pub(crate) fn lacks(&self, row: &[Cell]) -> bool {
        let mut cells = self.columns.iter().zip(row);
        cells.any(|(column, cell)| column.kind == Kind::Decimal && *cell == Cell::Nothing)
    }
}

/// Why figures of the plan are not known, each reason once.
fn reasons(plan: &Plan, computed: &Computed) -> Vec<Why> {
    let mut reasons = Vec::new();
    for group in computed.iter().flatten() {
        for why in plan.analysis.metrics.iter().filter_map(|metric| metric.value(&group.sums).why_not()) {
            if !reasons.contains(&why) {
                reasons.push(why);
            }
        }
    }
    reasons
}

/// Makes rows of groups.
#[derive(Clone, Copy)]
struct Builder<'a> {
    plan: &'a Plan,
    knowledge: &'a Knowledge,
}

impl Builder<'_> {
    fn metric(self) -> Metric {
        self.plan.metric()
    }

    /// The columns of some dimensions: what people call vendors and products stands beside their keys.
    fn key_columns(self, by: &[Dimension]) -> Vec<Column> {
        let mut columns = Vec::new();
        for dimension in by {
            let kind = if dimension.is_time() { Kind::Date } else { Kind::Text };
            columns.push(Column { name: dimension.as_str().to_owned(), kind, unit: None });
            match dimension {
                Dimension::Vendor => columns.push(text("vendor_name")),
                Dimension::Product => columns.extend([text("product_sku"), text("product_name")]),
                _ => {}
            }
        }
        columns
    }

    fn key_cells(self, by: &[Dimension], key: &[Option<String>]) -> Vec<Cell> {
        let mut cells = Vec::new();
        for (dimension, value) in by.iter().zip(key) {
            cells.push(Cell::of(value.clone()));
            let known = value.as_deref().unwrap_or_default();
            match dimension {
                Dimension::Vendor => cells.push(Cell::of(self.knowledge.vendors.get(known).cloned())),
                Dimension::Product => {
                    let product = self.knowledge.products.get(known);
                    cells.push(Cell::of(product.and_then(|product| product.sku.clone())));
                    cells.push(Cell::of(product.and_then(|product| product.name.clone())));
                }
                _ => {}
            }
        }
        cells
    }

    fn figures_of(self, sums: &Sums) -> Vec<Cell> {
        self.plan.analysis.metrics.iter().map(|metric| figure(*metric, sums)).collect()
    }

    fn metric_columns(self, prefix: &str) -> Vec<Column> {
        let named = |metric: &Metric| number(&format!("{prefix}{}", metric.as_str()), unit(*metric));
        self.plan.analysis.metrics.iter().map(named).collect()
    }

    /// Whether a group keeps to the bounds.
    fn keeps(self, sums: &Sums) -> bool {
        self.plan.having.iter().all(|having| {
            let figure = having.metric.value(sums).known();
            figure.is_some_and(|figure| having.bound.holds(figure, having.value))
        })
    }

    fn table(
        self,
        by: &[Dimension],
        figures: Vec<Column>,
        rows: Vec<(Vec<Option<String>>, Vec<Cell>)>,
    ) -> Table {
        let most = self.plan.analysis.limit.unwrap_or(crate::ROWS_MAX).min(crate::ROWS_MAX) as usize;
        let capped = self.plan.analysis.limit.is_none_or(|limit| limit > crate::ROWS_MAX);
        let truncated = capped && rows.len() > most;
        let mut columns = self.key_columns(by);
        columns.extend(figures);
        let key = |key: &[Option<String>]| match (by, key) {
            ([dimension, ..], [Some(value), ..]) => Some((*dimension, value.clone())),
            _ => None,
        };
        let rows: Vec<_> = rows.into_iter().take(most).collect();
        let keys = rows.iter().filter_map(|(values, _)| key(values)).collect();
        let rows = rows
            .into_iter()
            .map(|(key, figures)| {
                let mut cells = self.key_cells(by, &key);
                cells.extend(figures);
                cells
            })
            .collect();
        Table { columns, rows, truncated, keys, reasons: Vec::new() }
    }
}

impl Cell {
    fn of(text: Option<String>) -> Self {
        text.map_or(Self::Nothing, Self::Text)
    }

    fn number(number: Option<Decimal>) -> Self {
        number.map_or(Self::Nothing, Self::Number)
    }
}

fn figure(metric: Metric, sums: &Sums) -> Cell {
    Cell::number(metric.value(sums).known())
}

fn text(name: &str) -> Column {
    Column { name: name.to_owned(), kind: Kind::Text, unit: None }
}

fn date(name: &str) -> Column {
    Column { name: name.to_owned(), kind: Kind::Date, unit: None }
}

fn number(name: &str, unit: Option<&'static str>) -> Column {
    Column { name: name.to_owned(), kind: Kind::Decimal, unit }
}

/// What a figure is counted in.
pub(crate) fn unit(metric: Metric) -> Option<&'static str> {
    Some(match metric.definition().unit {
        Unit::Euro => "EUR",
        Unit::LocalCurrency => "local_currency",
        Unit::Pieces => "pieces",
        Unit::Orders => "orders",
        Unit::Buyers => "buyers",
        Unit::Percent => "percent",
    })
}
