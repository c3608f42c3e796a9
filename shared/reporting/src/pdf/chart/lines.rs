//! Lines over time.

use super::Drawing;
use crate::pdf::{
    canvas::{Area, Pen},
    press::Press,
};

/// Points that are few enough to be marked.
const DOTS_MAX: usize = 16;

impl Press {
    pub(super) fn lines_chart(&mut self, drawing: &Drawing<'_>, area: Area) {
        let inner = self.value_axis(drawing, area);
        self.category_axis(drawing, inner);
        let chart = drawing.chart;
        let slot = inner.width / chart.categories.len().max(1) as f32;
        // What others are compared with lies behind them.
        let mut order: Vec<_> = (0..chart.series.len()).collect();
        order.sort_by_key(|place| !chart.series.get(*place).is_some_and(|series| series.is_background));
        for place in order {
            let Some(values) = drawing.values.get(place) else { continue };
            let is_background = chart.series.get(place).is_some_and(|series| series.is_background);
            let colour = self.colour_of(chart, place);
            let points: Vec<_> = values
                .iter()
                .enumerate()
                .map(|(category, value)| {
                    let y = drawing.scale.at((*value)?, inner.y + inner.height, -inner.height);
                    Some((inner.x + slot * (category as f32 + 0.5), y))
                })
                .collect();
            // Where nothing is known there is a gap.
            for piece in points.split(Option::is_none) {
                let piece: Vec<_> = piece.iter().flatten().copied().collect();
                let is_alone = piece.len() == 1;
                if !is_alone {
                    self.canvas.path(&piece, Pen { colour, width: if is_background { 1.4 } else { 2.0 } });
                }
                if is_alone || !is_background && points.len() <= DOTS_MAX {
                    for (x, y) in piece {
                        self.canvas.dot(x, y, 2.2, colour);
                    }
                }
            }
        }
    }
}
