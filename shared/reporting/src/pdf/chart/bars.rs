//! Bars: upright, stacked, lying.

use super::{BAR_HEIGHT, Drawing, SMALL, bars_of};
use crate::{
    document::ChartKind,
    pdf::{
        canvas::{Area, Pen},
        press::Press,
        theme::{INK, MUTED, Style},
    },
};

/// Columns of a chart that have room for their figures.
const FIGURES_MAX: usize = 12;
/// No bar is wider.
const WIDTH_MAX: f32 = 42.0;

impl Press {
    pub(super) fn bars_chart(&mut self, drawing: &Drawing<'_>, area: Area) {
        let inner = self.value_axis(drawing, area);
        self.category_axis(drawing, inner);
        let chart = drawing.chart;
        let is_stacked = chart.kind == ChartKind::StackedBar;
        let slot = inner.width / chart.categories.len().max(1) as f32;
        let side_by_side = if is_stacked { 1 } else { bars_of(chart) };
        let width = (slot * 0.72 / side_by_side as f32).min(WIDTH_MAX);
        let has_figures = chart.series.len() == 1 && chart.categories.len() <= FIGURES_MAX;
        for category in 0..chart.categories.len() {
            let left = inner.x + slot * (category as f32 + 0.5) - width * side_by_side as f32 / 2.0;
            let (mut below, mut above) = (0.0_f32, 0.0_f32);
            for (place, series) in drawing.values.iter().enumerate() {
                let Some(value) = series.get(category).copied().flatten() else { continue };
                let base = match (is_stacked, value < 0.0) {
                    (false, _) => 0.0,
                    (true, true) => below,
                    (true, false) => above,
                };
                if value < 0.0 {
                    below += value
                } else {
                    above += value
                }
                let x = if is_stacked { left } else { left + width * place as f32 };
                let at = |value| drawing.scale.at(value, inner.y + inner.height, -inner.height);
                let (one, other) = (at(base), at(base + value));
                let bar =
                    Area { x, y: one.min(other), width: width * 0.94, height: (one - other).abs().max(0.4) };
                let colour = self.colour_of(chart, place);
                self.canvas.area(bar, colour);
                if has_figures {
                    self.figure_above(drawing, (place, category), bar, slot);
                }
            }
        }
    }

    fn figure_above(
        &mut self,
        drawing: &Drawing<'_>,
        (series, category): (usize, usize),
        bar: Area,
        slot: f32,
    ) {
        let Some(words) = drawing.figure(series, category) else { return };
        let style = Style::strong(SMALL, INK);
        let line = self.faces.line(style.weight, &words);
        let width = style.points(line.width);
        if width <= slot - 2.0 {
            self.draw((bar.x + (bar.width - width) / 2.0, bar.y - 3.0), &line, style);
        }
    }

    /// One name below the other, with its bars and their figures.
    pub(super) fn ranking(&mut self, drawing: &Drawing<'_>, area: Area) {
        let chart = drawing.chart;
        let style = Style::regular(7.5, INK);
        let most = area.width * 0.34;
        let names: Vec<_> = chart
            .categories
            .iter()
            .take(super::BARS_MAX)
            .map(|name| self.faces.cut(style.weight, name, style.thousandths(most)))
            .collect();
        let widest = names.iter().map(|line| style.points(line.width)).fold(0.0_f32, f32::max);
        let figures_width = 62.0;
        let inner =
            Area { x: area.x + widest + 8.0, width: area.width - widest - 8.0 - figures_width, ..area };
        let zero = drawing.scale.at(0.0, inner.x, inner.width);
        for (category, name) in names.iter().enumerate() {
            let top = inner.y + BAR_HEIGHT * category as f32;
            self.draw((area.x + widest - style.points(name.width), top + BAR_HEIGHT * 0.66), name, style);
            let all = drawing.values.iter().filter_map(|series| series.get(category).copied().flatten());
            let right = drawing.scale.at(all.fold(0.0_f32, f32::max), inner.x, inner.width);
            let height = BAR_HEIGHT * 0.66 / bars_of(chart) as f32;
            for (place, series) in drawing.values.iter().enumerate() {
                let Some(value) = series.get(category).copied().flatten() else { continue };
                let end = drawing.scale.at(value, inner.x, inner.width);
                let y = top + BAR_HEIGHT * 0.17 + height * place as f32;
                let bar =
                    Area { x: zero.min(end), y, width: (end - zero).abs().max(0.6), height: height * 0.94 };
                let colour = self.colour_of(chart, place);
                self.canvas.area(bar, colour);
                if place == 0
                    && let Some(words) = drawing.figure(place, category)
                {
                    let figure = Style::strong(SMALL, INK);
                    let line = self.faces.line(figure.weight, &words);
                    self.draw((right + 4.0, top + BAR_HEIGHT * 0.64), &line, figure);
                }
            }
        }
        let pen = Pen { colour: MUTED, width: 0.5 };
        self.canvas.path(&[(zero, inner.y), (zero, inner.y + inner.height)], pen);
    }
}

impl Drawing<'_> {
    /// The figure of a bar, without decimals where it is large.
    fn figure(&self, series: usize, category: usize) -> Option<String> {
        let value = (*self.chart.series.get(series)?.values.get(category)?)?;
        Some(match self.chart.unit {
            crate::document::Unit::Percent => self.locale.percent(value, 1),
            crate::document::Unit::Decimal(scale) => self.locale.decimal(value, scale),
            _ => self.locale.decimal(value, 0),
        })
    }
}
