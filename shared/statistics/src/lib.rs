#![doc = include_str!("../README.md")]

mod anomaly;
mod forecast;
mod method;

pub use anomaly::{Anomaly, anomalies};
pub use forecast::{Backtest, Forecast, Point, Range, forecast};
pub use method::{Method, MethodKind};

/// Fewest values that say anything about the next one.
pub const VALUES_MIN: usize = 6;
