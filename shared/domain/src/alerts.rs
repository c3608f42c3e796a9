//! Alerts: which figure is watched, and when it is out of bounds.

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    metrics::{Dimension, Filter, Metric},
    words::words,
};

words!(
    /// How often a figure is looked at: when a day, week (from Monday) or month is over.
    AlertPeriod {
        Day = "day",
        Week = "week",
        Month = "month",
    }
);

words!(
    /// On which side of a bound a figure is out of it.
    AlertSide {
        Below = "below",
        Above = "above",
    }
);

words!(
    /// What becomes of a figure that stays out of bounds.
    AlertRepeat {
        /// One mail; the next one after it has recovered.
        Once = "once",
        /// One mail for each period.
        EveryPeriod = "every_period",
    }
);

words!(
    /// What a look at a figure found.
    AlertVerdict {
        Fine = "fine",
        Breached = "breached",
        /// A vendor has not reported all of the period yet.
        Waiting = "waiting",
        /// The figure, or what it is held against, is not known; the words say why.
        NoFigure = "no_figure",
    }
);

/// When a figure is out of bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "against", rename_all = "snake_case", deny_unknown_fields)]
pub enum AlertCondition {
    /// Against a number.
    Number { is: AlertSide, value: Decimal },
    /// Against a percentage of the average of the periods before.
    Average {
        is: AlertSide,
        percent: Decimal,
        #[schemars(range(min = 2, max = 60))]
        periods: u32,
    },
    /// Against a percentage of the same period a year before; of a week the one 52 weeks before.
    LastYear { is: AlertSide, percent: Decimal },
    /// Outside of what was to be expected after its whole history, as `GET /v1/analytics/anomalies` has it; with `is` on that side alone.
    Anomaly {
        #[serde(default)]
        is: Option<AlertSide>,
    },
}

/// What is watched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AlertRule {
    pub metric: Metric,
    pub filters: Vec<Filter>,
    /// Each value of it is watched by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Dimension>,
    pub every: AlertPeriod,
    pub condition: AlertCondition,
}

impl AlertPeriod {
    #[must_use]
    pub fn interval(self) -> Dimension {
        match self {
            Self::Day => Dimension::Day,
            Self::Week => Dimension::Week,
            Self::Month => Dimension::Month,
        }
    }
}

impl AlertSide {
    #[must_use]
    pub fn is_passed(self, value: Decimal, bound: Decimal) -> bool {
        match self {
            Self::Below => value < bound,
            Self::Above => value > bound,
        }
    }
}

impl AlertRule {
    /// The permissions without which nobody sees its figures.
    #[must_use]
    pub fn needs(&self) -> &'static [&'static str] {
        if self.metric.definition().is_cost { &["analytics:read", "costs:read"] } else { &["analytics:read"] }
    }
}
