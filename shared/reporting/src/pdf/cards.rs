//! Key figures side by side.

use rust_decimal::{Decimal, prelude::ToPrimitive as _};

use super::{
    canvas::{Area, Pen},
    press::{Align, Press},
    theme::{BAD, BEHIND, GOOD, INK, MARGIN, MUTED, RULE, SHADE, Style},
};
use crate::{
    Error,
    document::{Card, Change, Colour, Figure, Locale, Rising, Unit},
};

const GAP: f32 = 10.0;
const PADDING: f32 = 11.0;

impl Press {
    pub(super) fn cards(&mut self, cards: &[Card], locale: Locale) -> Result<(), Error> {
        let columns = match cards.len() {
            0 => return Ok(()),
            count @ 1..=4 => count.max(3),
            5 | 6 | 9 => 3,
            _ => 4,
        };
        for row in cards.chunks(columns) {
            let height = height(row);
            self.ensure(height)?;
            let width = (self.width() - GAP * (columns as f32 - 1.0)) / columns as f32;
            for (place, card) in row.iter().enumerate() {
                let x = MARGIN + place as f32 * (width + GAP);
                self.tags.begin(&mut self.file, "Div");
                self.card(card, Area { x, y: self.y, width, height }, locale)?;
                self.tags.end(&mut self.file)?;
            }
            self.y += height + GAP;
        }
        self.y += 6.0;
        Ok(())
    }

    fn card(&mut self, card: &Card, area: Area, locale: Locale) -> Result<(), Error> {
        let accent = self.theme.accent_ink;
        self.artifact(|press| {
            press.canvas.rounded(area, 4.0, Some(SHADE), Some(Pen { colour: RULE, width: 0.5 }));
            press.canvas.area(Area { y: area.y + 12.0, width: 2.0, height: 12.0, ..area }, accent);
        });
        let (x, width) = (area.x + PADDING, area.width - 2.0 * PADDING);
        self.label("P", (x, area.y + 20.5), (width, Align::Left), &card.title, Style::strong(8.0, MUTED))?;
        let value = match &card.value {
            Figure::Known(value) => locale.figure(*value, card.unit),
            Figure::Missing(_) => "–".to_owned(),
        };
        let mut style = Style::strong(19.0, INK);
        let needed = style.points(self.faces.line(style.weight, &value).width) + 0.5;
        style.size = (style.size * (width / needed).min(1.0)).max(9.0);
        self.label("P", (x, area.y + 44.0), (width, Align::Left), &value, style)?;
        let mut base = area.y + 60.0;
        if let Figure::Missing(why) = &card.value {
            self.label("P", (x, base), (width, Align::Left), why, Style::regular(7.5, MUTED))?;
        } else {
            for change in &card.changes {
                self.change(change, (x, base), width, card, locale)?;
                base += 12.0;
            }
        }
        if card.trend.len() > 1 {
            let area = Area { x, y: area.y + area.height - 30.0, width, height: 20.0 };
            self.artifact(|press| press.sparkline(&card.trend, area));
        }
        Ok(())
    }

    fn change(
        &mut self,
        change: &Change,
        (x, base): (f32, f32),
        width: f32,
        card: &Card,
        locale: Locale,
    ) -> Result<(), Error> {
        let style = Style::strong(7.5, MUTED);
        let Figure::Known(percent) = &change.percent else {
            let Figure::Missing(why) = &change.percent else { return Ok(()) };
            let words = format!("– {}: {why}", change.against);
            return self.label("P", (x, base), (width, Align::Left), &words, Style::regular(7.5, MUTED));
        };
        let colour = colour_of(*percent, change.rising);
        let plus = if percent.is_sign_positive() && !percent.is_zero() { "+" } else { "" };
        let figure = match card.unit {
            // A change of a percentage is told in points: "2 % more" could be either.
            Unit::Percent => format!("{plus}{} pp", locale.decimal(*percent, 1)),
            _ => format!("{plus}{}", locale.percent(*percent, 1)),
        };
        let figure_width = style.points(self.faces.width(style.weight, &figure));
        self.artifact(|press| press.arrow((x, base), *percent, colour));
        self.label("P", (x + 9.0, base), (width - 9.0, Align::Left), &figure, Style { colour, ..style })?;
        let words = match change.base {
            Some(value) => format!("{} ({})", change.against, locale.figure(value, card.unit)),
            None => change.against.clone(),
        };
        let start = 9.0 + figure_width + 4.0;
        let style = Style::regular(7.5, MUTED);
        let whole = style.points(self.faces.width(style.weight, &words)) <= width - start;
        let words = if whole { &words } else { &change.against };
        self.label("P", (x + start, base), (width - start, Align::Left), words, style)
    }

    /// Up, down, or neither.
    fn arrow(&mut self, (x, base): (f32, f32), percent: Decimal, colour: Colour) {
        let points = if percent.is_zero() {
            [(x, base - 3.2), (x + 6.0, base - 3.2), (x + 6.0, base - 1.8), (x, base - 1.8)].to_vec()
        } else if percent.is_sign_positive() {
            [(x, base), (x + 3.0, base - 5.2), (x + 6.0, base)].to_vec()
        } else {
            [(x, base - 5.2), (x + 6.0, base - 5.2), (x + 3.0, base)].to_vec()
        };
        self.canvas.shape(&points, colour);
    }

    fn sparkline(&mut self, values: &[Option<Decimal>], area: Area) {
        let known: Vec<_> = values.iter().map(|value| value.and_then(|value| value.to_f32())).collect();
        let least = known.iter().flatten().copied().fold(f32::INFINITY, f32::min);
        let most = known.iter().flatten().copied().fold(f32::NEG_INFINITY, f32::max);
        let range = if most > least { most - least } else { 1.0 };
        let step = area.width / (values.len() as f32 - 1.0);
        let place = |(at, value): (usize, f32)| {
            (area.x + at as f32 * step, area.y + area.height * (1.0 - (value - least) / range))
        };
        let pen = Pen { colour: BEHIND, width: 1.2 };
        let indexed: Vec<_> = known.iter().copied().enumerate().collect();
        for piece in indexed.split(|(_, value)| value.is_none()) {
            let points: Vec<_> =
                piece.iter().filter_map(|(at, value)| Some(place((*at, (*value)?)))).collect();
            if points.len() > 1 {
                self.canvas.path(&points, pen);
            }
        }
        if let Some((at, Some(value))) = indexed.last() {
            let (x, y) = place((*at, *value));
            let accent = self.theme.accent_ink;
            self.canvas.dot(x, y, 2.0, accent);
        }
    }
}

/// Of cards side by side.
pub(super) fn height(row: &[Card]) -> f32 {
    let has_trend = row.iter().any(|card| card.trend.len() > 1);
    let changes = row.iter().map(|card| card.changes.len()).max().unwrap_or(0) as f32;
    62.0 + changes * 12.0 + if has_trend { 26.0 } else { 0.0 }
}

fn colour_of(percent: Decimal, rising: Rising) -> Colour {
    let is_up = percent.is_sign_positive();
    match rising {
        _ if percent.is_zero() => MUTED,
        Rising::Neutral => MUTED,
        Rising::Good if is_up => GOOD,
        Rising::Bad if !is_up => GOOD,
        Rising::Good | Rising::Bad => BAD,
    }
}
