//! What is computed: a question as a value that can be kept, shown, checked and run again.

use domain::metrics::{Analysis, Dimension, Metric, Span};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Figures of the metric layer, and what is made of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    pub analysis: Analysis,
    #[serde(default)]
    pub shape: Shape,
    /// Groups whose figures all keep to these; others are left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub having: Vec<Having>,
    /// What the days are called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<String>,
    /// How words of the question were read where another reading exists: said with the answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// What is made of the figures.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Shape {
    /// They are shown.
    #[default]
    Figures,
    /// Each group's part of the whole, in percent.
    Share,
    /// What the rows of `of` are of the whole, in percent.
    PartOf {
        of: Vec<domain::metrics::Filter>,
    },
    /// Beside those of other days.
    Compare {
        with: Span,
        named: String,
    },
    /// The groups whose first figure rose or fell since other days, biggest step first.
    Movers {
        with: Span,
        named: String,
        direction: Direction,
    },
    /// From interval to interval, which is the first dimension.
    Growth,
    /// The mean of the first figure over the intervals that have sales; the interval is the last dimension.
    Average,
    /// The best or worst groups of the last dimension within each of the others.
    BestPer {
        keep: u32,
    },
    /// How many groups there are.
    Count,
    /// The groups themselves, with what is known of them.
    List,
    /// First and last day with a sale of each group.
    FirstSale,
    LastSale,
    /// Groups that sold before these days and not in them.
    NotSold,
    /// How the price of a piece varies.
    Volatility,
    /// Figures with their running share of the whole, highest first.
    Pareto,
    /// Means of calendar months (or weekdays) over all years; the interval is the first dimension.
    Seasonality,
    /// What the next intervals are expected to be; the interval is the first dimension. The days are those asked for.
    Forecast,
    /// Intervals that were not as was to be expected.
    Anomalies,
}

/// Which way a figure went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    Up,
    Down,
    Either,
}

/// A bound of a figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Having {
    pub metric: Metric,
    pub bound: Bound,
    pub value: Decimal,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    Above,
    AtLeast,
    Below,
    AtMost,
}

impl Bound {
    #[must_use]
    pub fn holds(self, figure: Decimal, value: Decimal) -> bool {
        match self {
            Self::Above => figure > value,
            Self::AtLeast => figure >= value,
            Self::Below => figure < value,
            Self::AtMost => figure <= value,
        }
    }
}

/// Most rows an answer shows.
pub const ROWS_MAX: u32 = 1_000;

/// Most groups that are looked through for one.
const GROUPS_MAX: u32 = 50_000;

impl Plan {
    /// Figures as they are.
    #[must_use]
    pub fn figures(analysis: Analysis) -> Self {
        Self { analysis, shape: Shape::Figures, having: Vec::new(), days: None, notes: Vec::new() }
    }

    /// The metric that the plan is about first.
    #[must_use]
    pub fn metric(&self) -> Metric {
        self.analysis.metrics.first().copied().unwrap_or(Metric::RevenueEur)
    }

    /// Whether it shows what things cost, which needs a permission of its own.
    #[must_use]
    pub fn shows_costs(&self) -> bool {
        let bounded = self.having.iter().map(|having| having.metric);
        self.analysis.metrics.iter().copied().chain(bounded).any(|metric| metric.definition().is_cost)
    }

    /// What has to be asked of the books, in this order. Forecasts and the like need the whole history instead.
    #[must_use]
    pub fn analyses(&self) -> Vec<Analysis> {
        let asked = &self.analysis;
        let all = Analysis { limit: Some(GROUPS_MAX), offset: 0, ..asked.clone() };
        let whole = Analysis { by: Vec::new(), limit: None, offset: 0, ..asked.clone() };
        let before = |span: &Span| all.clone().within(span.from, span.to);
        match &self.shape {
            Shape::Figures => {
                let limit = match self.having.is_empty() {
                    true => asked.limit.unwrap_or(ROWS_MAX).min(ROWS_MAX) + 1,
                    false => GROUPS_MAX,
                };
                vec![Analysis { limit: Some(limit), ..asked.clone() }]
            }
            Shape::Share | Shape::Pareto => vec![all, whole],
            Shape::PartOf { of } => {
                let mut part = whole.clone();
                part.filters.extend(of.iter().cloned());
                vec![part, whole]
            }
            Shape::Compare { with, .. } | Shape::Movers { with, .. } => vec![all.clone(), before(with)],
            Shape::NotSold => {
                let ever = Analysis { from: None, to: None, ..all.clone() };
                vec![all, ever]
            }
            // Those that sold for the first time in these days: whether it was the first time, earlier days tell.
            Shape::FirstSale => vec![Analysis { from: None, ..all }],
            // The first interval grows from the one before it.
            Shape::Growth => {
                let before = all.from.and_then(|from| self.interval().beginning(from.pred_opt()?));
                vec![Analysis { from: before, ..all }]
            }
            Shape::Average
            | Shape::BestPer { .. }
            | Shape::Count
            | Shape::List
            | Shape::LastSale
            | Shape::Seasonality
            | Shape::Volatility => vec![all],
            Shape::Forecast | Shape::Anomalies => vec![Analysis { from: None, to: None, ..all }],
        }
    }

    /// The interval that a forecast or the like is about.
    #[must_use]
    pub fn interval(&self) -> Dimension {
        self.analysis.by.first().copied().filter(|first| first.is_time()).unwrap_or(Dimension::Month)
    }
}
