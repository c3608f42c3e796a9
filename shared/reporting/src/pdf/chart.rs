//! Charts as lines and areas: sharp at any size, and told in words to those who do not see them.

mod axis;
mod bars;
mod lines;

use rust_decimal::prelude::ToPrimitive as _;

use self::axis::Scale;
use super::{
    canvas::{Area, Pen},
    press::{Align, Press},
    theme::{BEHIND, INK, MARGIN, MUTED, RULE, Style},
};
use crate::{
    Error,
    document::{Chart, ChartKind, Colour, Locale, Series, Unit},
};

const HEIGHT: f32 = 164.0;
const BAR_HEIGHT: f32 = 16.0;
/// Names that are drawn of a ranking; a page has no room for more.
const BARS_MAX: usize = 36;
/// With the space below it.
const LEGEND: f32 = 22.0;
const SMALL: f32 = 7.0;
const NO_VALUES: &str = "No values.";

/// A chart and what is known of its place.
struct Drawing<'a> {
    chart: &'a Chart,
    locale: Locale,
    /// By series, then by category.
    values: Vec<Vec<Option<f32>>>,
    scale: Scale,
}

impl Press {
    pub(super) fn chart(&mut self, chart: &Chart, locale: Locale) -> Result<(), Error> {
        let is_ranking = chart.kind == ChartKind::HorizontalBar;
        let shown = shown(chart);
        let take = |series: &Series| -> Vec<Option<f32>> {
            series.values.iter().take(shown).map(|value| value.and_then(|value| value.to_f32())).collect()
        };
        let values: Vec<_> = chart.series.iter().map(take).collect();
        let (plot, legend) = (plot_height(chart), legend_height(chart));
        self.ensure(height(chart))?;
        let title = Style::strong(11.0, INK);
        self.label("H2", (MARGIN, self.y + 11.0), (self.width(), Align::Left), &title_of(chart), title)?;
        self.y += 22.0;
        let scale = Scale::of(chart.kind, &values);
        let drawing = Drawing { chart, locale, values, scale };
        let words = drawing.words();
        let has_values = drawing.values.iter().flatten().flatten().next().is_some();
        if !has_values {
            self.label(
                "P",
                (MARGIN, self.y + 12.0),
                (self.width(), Align::Left),
                NO_VALUES,
                Style::regular(8.0, MUTED),
            )?;
            self.y += 30.0;
            return Ok(());
        }
        let top = self.y;
        self.marked("Figure", Some(&words), |press| {
            if chart.series.len() > 1 {
                press.legend(chart);
            }
            let area = Area { x: MARGIN, y: press.y, width: press.width(), height: plot };
            match chart.kind {
                ChartKind::HorizontalBar => press.ranking(&drawing, area),
                ChartKind::Line => press.lines_chart(&drawing, area),
                ChartKind::Bar | ChartKind::StackedBar => press.bars_chart(&drawing, area),
            }
        })?;
        self.y = top + legend + plot + if is_ranking { 6.0 } else { 22.0 };
        let further = chart.categories.len() - shown;
        if further > 0 {
            let words = format!("{further} more are not drawn; the table has them all.");
            self.paragraph("P", (MARGIN, self.width()), &words, Style::regular(SMALL, MUTED))?;
        }
        if let Some(note) = &chart.note {
            self.paragraph("P", (MARGIN, self.width()), note, Style::regular(SMALL, MUTED))?;
        }
        self.y += 14.0;
        Ok(())
    }

    /// One after the other, on the next line where the page ends.
    fn legend(&mut self, chart: &Chart) {
        let style = Style::regular(7.5, MUTED);
        let mut x = MARGIN;
        for (place, series) in chart.series.iter().enumerate() {
            let line = self.faces.cut(style.weight, &series.name, style.thousandths(140.0));
            let width = style.points(line.width) + 24.0;
            if x + width > self.right() {
                break;
            }
            let colour = self.colour_of(chart, place);
            let y = self.y;
            if chart.kind == ChartKind::Line {
                self.canvas.path(&[(x, y + 5.0), (x + 9.0, y + 5.0)], Pen { colour, width: 1.8 });
            } else {
                self.canvas.area(Area { x, y: y + 1.5, width: 7.0, height: 7.0 }, colour);
            }
            self.draw((x + 12.0, y + 7.8), &line, style);
            x += width;
        }
        self.y += LEGEND;
    }

    fn colour_of(&self, chart: &Chart, place: usize) -> Colour {
        match chart.series.get(place) {
            Some(series) if series.is_background => BEHIND,
            _ => self
                .theme
                .series(chart.series.iter().take(place).filter(|series| !series.is_background).count()),
        }
    }

    /// Horizontal lines with what they mean; the area that is left for the chart.
    fn value_axis(&mut self, drawing: &Drawing<'_>, area: Area) -> Area {
        let style = Style::regular(SMALL, MUTED);
        let labels: Vec<_> = drawing
            .scale
            .ticks()
            .map(|tick| {
                (
                    tick,
                    self.faces
                        .line(style.weight, &drawing.scale.label(tick, drawing.locale, drawing.chart.unit)),
                )
            })
            .collect();
        let widest = labels.iter().map(|(_, line)| style.points(line.width)).fold(0.0_f32, f32::max);
        let inner = Area { x: area.x + widest + 6.0, width: area.width - widest - 6.0, ..area };
        for (tick, line) in labels {
            let y = drawing.scale.at(tick, inner.y + inner.height, -inner.height);
            let colour = if tick == 0.0 { MUTED } else { RULE };
            self.canvas.rule((inner.x, inner.x + inner.width), y, Pen { colour, width: 0.5 });
            let x = area.x + widest - style.points(line.width);
            self.draw((x, y + SMALL * 0.36), &line, style);
        }
        inner
    }

    /// Names below the chart; just as many as can be told apart.
    fn category_axis(&mut self, drawing: &Drawing<'_>, area: Area) {
        let style = Style::regular(SMALL, MUTED);
        let names = &drawing.chart.categories;
        let slot = area.width / names.len().max(1) as f32;
        let widest = names
            .iter()
            .map(|name| style.points(self.faces.width(style.weight, name)))
            .fold(0.0_f32, f32::max)
            .min(72.0);
        let step = ((widest + 6.0) / slot).ceil().max(1.0) as usize;
        for (place, name) in names.iter().enumerate().step_by(step) {
            let line =
                self.faces.cut(style.weight, name, style.thousandths((slot * step as f32 - 4.0).max(20.0)));
            let centre = area.x + slot * (place as f32 + 0.5);
            let x = (centre - style.points(line.width) / 2.0).max(MARGIN);
            self.draw((x, area.y + area.height + 11.0), &line, style);
        }
    }
}

/// Of a chart with its title and the names below it.
pub(super) fn height(chart: &Chart) -> f32 {
    let words = if chart.kind == ChartKind::HorizontalBar { 32.0 } else { 56.0 };
    plot_height(chart) + legend_height(chart) + words
}

fn plot_height(chart: &Chart) -> f32 {
    if chart.kind == ChartKind::HorizontalBar { shown(chart) as f32 * BAR_HEIGHT } else { HEIGHT }
}

fn legend_height(chart: &Chart) -> f32 {
    if chart.series.len() > 1 { LEGEND } else { 0.0 }
}

/// Names that are drawn.
fn shown(chart: &Chart) -> usize {
    let most = if chart.kind == ChartKind::HorizontalBar { BARS_MAX } else { usize::MAX };
    chart.categories.len().min(most)
}

/// Bars that stand for one name of a ranking.
fn bars_of(chart: &Chart) -> usize {
    chart.series.len().max(1)
}

/// With what its figures are of.
fn title_of(chart: &Chart) -> String {
    match chart.unit {
        Unit::Money(currency) if !chart.title.contains(currency.as_str()) => {
            format!("{} ({currency})", chart.title)
        }
        _ => chart.title.clone(),
    }
}

impl Drawing<'_> {
    /// What the chart shows, for those who do not see it.
    fn words(&self) -> String {
        let kind = match self.chart.kind {
            ChartKind::Line => "Line chart",
            ChartKind::Bar | ChartKind::HorizontalBar => "Bar chart",
            ChartKind::StackedBar => "Stacked bar chart",
        };
        let mut words = format!("{kind}: {}.", title_of(self.chart));
        for series in &self.chart.series {
            words.push_str(&format!(" {}:", series.name));
            for (name, value) in self.chart.categories.iter().zip(&series.values) {
                // So much can be listened to; the rest is in tables.
                if words.len() > 1_500 {
                    words.push('…');
                    return words;
                }
                let value = value
                    .map_or_else(|| "none".to_owned(), |value| self.locale.figure(value, self.chart.unit));
                words.push_str(&format!(" {name} {value};"));
            }
        }
        words
    }
}
