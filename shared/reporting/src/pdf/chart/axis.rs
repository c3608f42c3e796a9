//! From values to places, and round numbers for the lines between.

use rust_decimal::{Decimal, prelude::FromPrimitive as _};

use crate::document::{ChartKind, Locale, Unit};

/// From the least to the most that a chart shows, in steps that people count in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    pub(super) least: f32,
    pub(super) most: f32,
    step: f32,
}

/// Lines that a chart has at most.
const STEPS: f32 = 5.0;

impl Scale {
    pub(super) fn of(kind: ChartKind, values: &[Vec<Option<f32>>]) -> Self {
        let (mut least, mut most) = (0.0_f32, 0.0_f32);
        let categories = values.iter().map(Vec::len).max().unwrap_or(0);
        for place in 0..categories {
            let column = values.iter().filter_map(|series| series.get(place).copied().flatten());
            if kind == ChartKind::StackedBar {
                let (mut below, mut above) = (0.0, 0.0);
                for value in column {
                    if value < 0.0 { below += value } else { above += value }
                }
                (least, most) = (least.min(below), most.max(above));
            } else {
                for value in column {
                    (least, most) = (least.min(value), most.max(value));
                }
            }
        }
        if least == most {
            most = least + 1.0;
        }
        if kind == ChartKind::HorizontalBar {
            // No lines: the figures stand at the bars.
            return Self { least, most, step: most - least };
        }
        let rough = (most - least) / STEPS;
        let power = 10_f32.powf(rough.log10().floor());
        let step = power
            * [1.0, 2.0, 2.5, 5.0, 10.0]
                .into_iter()
                .find(|nice| nice * power >= rough * 0.999)
                .unwrap_or(10.0);
        Self { least: (least / step).floor() * step, most: (most / step).ceil() * step, step }
    }

    pub(super) fn ticks(self) -> impl Iterator<Item = f32> {
        let first = (self.least / self.step).round() as i32;
        let last = (self.most / self.step).round() as i32;
        (first..=last).map(move |number| number as f32 * self.step)
    }

    /// Where a value is on a line that begins somewhere and is so long.
    pub(super) fn at(self, value: f32, start: f32, length: f32) -> f32 {
        start + (value - self.least) / (self.most - self.least) * length
    }

    /// A round number in few characters: `1.2M`, `350k`.
    pub(super) fn label(self, tick: f32, locale: Locale, unit: Unit) -> String {
        let most = self.most.abs().max(self.least.abs());
        let (divisor, suffix) = match most {
            most if most >= 1e9 => (1e9, "bn"),
            most if most >= 1e6 => (1e6, "M"),
            most if most >= 1e4 => (1e3, "k"),
            _ => (1.0, ""),
        };
        if tick == 0.0 {
            return format!("0{}", if unit == Unit::Percent { "%" } else { "" });
        }
        let step = self.step / divisor;
        let scale = (0..4).find(|scale| {
            let shifted = step * 10_f32.powi(*scale);
            (shifted - shifted.round()).abs() < 0.01
        });
        let number = locale.decimal(
            Decimal::from_f32(tick / divisor).unwrap_or_default(),
            scale.unwrap_or(2).unsigned_abs(),
        );
        let percent = if unit == Unit::Percent { "%" } else { "" };
        format!("{number}{suffix}{percent}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_stand_at_numbers_that_people_count_in() {
        for (most, labels) in [
            (87.0, vec!["0", "20", "40", "60", "80", "100"]),
            (1_230_000.0, vec!["0", "0.25M", "0.50M", "0.75M", "1.00M", "1.25M"]),
            (4_600_000.0, vec!["0", "1M", "2M", "3M", "4M", "5M"]),
            (0.7, vec!["0", "0.2", "0.4", "0.6", "0.8"]),
        ] {
            let scale = Scale::of(ChartKind::Bar, &[vec![Some(most)]]);
            let found: Vec<_> =
                scale.ticks().map(|tick| scale.label(tick, Locale::English, Unit::Integer)).collect();
            assert_eq!(found, labels);
        }
    }

    #[test]
    fn what_is_stacked_is_added_and_what_is_below_zero_is_shown() {
        let values = [vec![Some(30.0), None], vec![Some(60.0), Some(-20.0)]];
        let scale = Scale::of(ChartKind::StackedBar, &values);
        assert!(scale.most >= 90.0 && scale.least <= -20.0);
        let empty = Scale::of(ChartKind::Line, &[]);
        assert!(empty.most > empty.least);
    }
}
