//! How wide the columns of a table are, and where their cells stand.

use super::{
    LINES_MAX,
    cells::{Cell, Ready},
};
use crate::{
    Error,
    document::{Column, Values},
    pdf::{
        canvas::Pen,
        face::Weight,
        press::{Align, Press, aligned},
        text::Line,
        theme::{INK, MARGIN, MUTED, PAGE, Style},
    },
};

/// Between a text and the edge of its column.
const PADDING: f32 = 4.0;
/// Texts are as wide as this if there is room, in sizes of their letters.
const TEXT_MAX: f32 = 30.0;
/// Heads of figures stay on one line up to this, in sizes of their letters.
const HEAD_MAX: f32 = 9.5;
/// No text is narrower, in sizes of its letters, unless it needs no more.
const TEXT_MIN: f32 = 8.5;
/// Codes up to this are not broken.
const CODE_MAX: f32 = 12.0;
/// From the best to the last resort.
const TRIES: [(bool, f32); 6] =
    [(false, 8.0), (false, 7.0), (true, 8.0), (true, 7.0), (true, 6.0), (true, 5.2)];

pub(super) struct Layout {
    pub(super) is_lying: bool,
    pub(super) size: f32,
    pub(super) head_height: f32,
    /// Rows so far.
    pub(super) drawn: usize,
    columns: Vec<Place>,
    heads: Vec<Vec<Line>>,
}

#[derive(Debug, Clone, Copy)]
struct Place {
    /// Of its text.
    x: f32,
    width: f32,
    align: Align,
    is_text: bool,
}

/// How much room a column wants, in thousandths of the size.
struct Wish {
    least: f32,
    natural: f32,
    is_text: bool,
    /// In points: texts keep away from the figures before them.
    gap: f32,
}

impl Layout {
    pub(super) fn new(press: &mut Press, columns: &[Column], sample: &[&[Cell]]) -> Self {
        let wishes: Vec<Wish> =
            (0..columns.len()).filter_map(|place| Wish::new(press, columns, place, sample)).collect();
        let fitted = TRIES
            .iter()
            .find_map(|(is_lying, size)| Some((*is_lying, *size, fit(&wishes, *is_lying, *size)?)));
        let (is_lying, size, widths) = fitted.unwrap_or_else(|| {
            let (is_lying, size) = (true, 5.2);
            (is_lying, size, squeezed(&wishes, room(is_lying)))
        });
        let mut x = MARGIN;
        let mut places = Vec::with_capacity(columns.len());
        let mut heads = Vec::with_capacity(columns.len());
        let head = head_style(size);
        for ((column, width), wish) in columns.iter().zip(widths).zip(&wishes) {
            let align = if column.values == Values::Text { Align::Left } else { Align::Right };
            let inner = (width - 2.0 * PADDING - wish.gap).max(1.0);
            places.push(Place {
                x: x + PADDING + wish.gap,
                width: inner,
                align,
                is_text: column.values == Values::Text,
            });
            heads.push(press.faces.lines(
                head.weight,
                &column.full_title(),
                head.thousandths(inner),
                LINES_MAX,
            ));
            x += width;
        }
        let lines = heads.iter().map(Vec::len).max().unwrap_or(1).max(1) as f32;
        Self { is_lying, size, head_height: lines * size * 1.22 + 8.0, drawn: 0, columns: places, heads }
    }

    pub(super) fn row_height(&self, lines: usize) -> f32 {
        (lines.max(1) as f32 * 1.25 + 0.68) * self.size
    }

    /// At the lower edge of its place; told to the structure just where the table begins.
    pub(super) fn draw_head(
        &self,
        press: &mut Press,
        columns: &[Column],
        is_first: bool,
    ) -> Result<(), Error> {
        let style = head_style(self.size);
        let leading = self.size * 1.22;
        let base = press.y + self.head_height - 6.0;
        for ((place, lines), column) in self.columns.iter().zip(&self.heads).zip(columns) {
            let draw = |press: &mut Press| {
                let first = base - leading * (lines.len() as f32 - 1.0);
                for (number, line) in lines.iter().enumerate() {
                    let x = aligned(place.x, place.width, style.points(line.width), place.align);
                    press.draw((x, first + leading * number as f32), line, style);
                }
            };
            if is_first && !column.title.is_empty() {
                press.marked("TH", None, draw)?
            } else {
                press.artifact(draw)
            }
        }
        press.y += self.head_height;
        let pen = Pen { colour: press.theme.accent_ink, width: 1.0 };
        press.artifact(|press| press.canvas.rule((MARGIN, press.right()), press.y, pen));
        Ok(())
    }

    /// Sets the texts of a row; how many lines it takes.
    pub(super) fn prepare(
        &self,
        press: &mut Press,
        cells: &[Cell],
        style: Style,
        ready: &mut [Ready],
    ) -> usize {
        let mut most = 1;
        for ((cell, place), ready) in cells.iter().zip(&self.columns).zip(ready) {
            let words = cell.words();
            ready.lines.clear();
            ready.size = style.size;
            ready.is_muted = matches!(cell, Cell::Missing(_));
            if let Some(width) = press.faces.quick(style.weight, &words, &mut ready.bytes) {
                ready.width = style.points(width);
                if ready.width <= place.width {
                    continue;
                }
                // No figure loses its end: it is rather set smaller.
                let smaller = style.size * place.width / ready.width;
                if !place.is_text && smaller >= 3.5 {
                    (ready.size, ready.width) = (smaller, place.width);
                    continue;
                }
            }
            ready.bytes.clear();
            ready.lines = press.faces.lines(style.weight, &words, style.thousandths(place.width), LINES_MAX);
            most = most.max(ready.lines.len());
        }
        most
    }

    pub(super) fn draw_cells(&self, press: &mut Press, ready: &[Ready], style: Style) -> Result<(), Error> {
        let base = press.y + self.size * 1.29;
        for (place, ready) in self.columns.iter().zip(ready) {
            let colour = if ready.is_muted { MUTED } else { style.colour };
            press.marked("TD", None, |press| {
                if ready.lines.is_empty() {
                    let x = aligned(place.x, place.width, ready.width, place.align);
                    if !ready.bytes.is_empty() {
                        press.canvas.glyphs(
                            (x, base),
                            style.weight as usize,
                            ready.size,
                            colour,
                            &ready.bytes,
                        );
                    }
                    return;
                }
                for (number, line) in ready.lines.iter().enumerate() {
                    let x = aligned(place.x, place.width, style.points(line.width), place.align);
                    let y = base + self.size * 1.25 * number as f32;
                    press.draw((x, y), line, Style { colour, ..style });
                }
            })?;
        }
        Ok(())
    }
}

impl Wish {
    fn new(press: &mut Press, columns: &[Column], place: usize, sample: &[&[Cell]]) -> Option<Self> {
        let column = columns.get(place)?;
        let follows_figures = place
            .checked_sub(1)
            .and_then(|before| columns.get(before))
            .is_some_and(|before| before.values != Values::Text);
        let is_text = column.values == Values::Text;
        let head = column.full_title();
        let longest_word = head
            .split([' ', '-', '/'])
            .map(|word| press.faces.width(Weight::Strong, word))
            .fold(0.0_f32, f32::max)
            .min(12_000.0);
        let mut widths = Vec::with_capacity(sample.len());
        let mut longest_code = 0.0_f32;
        for cell in sample.iter().filter_map(|cells| cells.get(place)) {
            let words = cell.words();
            // The totals are strong.
            widths.push(press.faces.width(Weight::Strong, &words));
            for word in words.split([' ', '-', '/']).filter(|_| is_text) {
                longest_code = longest_code.max(press.faces.width(Weight::Strong, word));
            }
        }
        widths.sort_by(f32::total_cmp);
        // A name that is much longer than all others has to break.
        let counts = if is_text { widths.len() * 9 / 10 } else { widths.len() };
        let widest = widths.get(counts.max(1) - 1).copied().unwrap_or_default();
        let head = press.faces.width(Weight::Strong, &head).min(HEAD_MAX * 1000.0);
        // Figures of later rows may be a digit longer.
        let figures = widest + 300.0;
        let code = longest_code.min(CODE_MAX * 1000.0);
        let natural = if is_text { widest.min(TEXT_MAX * 1000.0).max(code) } else { figures.max(head) };
        let least = if is_text { natural.min(code.max(TEXT_MIN * 1000.0)) } else { figures };
        let gap = if is_text && follows_figures { 8.0 } else { 0.0 };
        Some(Self { least: least.max(longest_word), natural: natural.max(longest_word), is_text, gap })
    }
}

fn head_style(size: f32) -> Style {
    Style::strong(size * 0.95, INK)
}

fn room(is_lying: bool) -> f32 {
    (if is_lying { PAGE.1 } else { PAGE.0 }) - 2.0 * MARGIN
}

/// The widths of all columns in points; `None` where they do not fit.
fn fit(wishes: &[Wish], is_lying: bool, size: f32) -> Option<Vec<f32>> {
    let points = |wish: &Wish, thousandths: f32| thousandths * size / 1000.0 + 2.0 * PADDING + wish.gap;
    let natural: f32 = wishes.iter().map(|wish| points(wish, wish.natural)).sum();
    let least: f32 = wishes.iter().map(|wish| points(wish, wish.least)).sum();
    let room = room(is_lying);
    if least > room {
        return None;
    }
    if natural > room {
        // Texts give way, those most that want most.
        let give = (natural - room) / (natural - least);
        return Some(
            wishes
                .iter()
                .map(|wish| points(wish, wish.natural - (wish.natural - wish.least) * give))
                .collect(),
        );
    }
    let texts: f32 = wishes.iter().filter(|wish| wish.is_text).map(|wish| points(wish, wish.natural)).sum();
    let grow = |wish: &Wish| match wish.is_text {
        true => points(wish, wish.natural) * (1.0 + 0.6 * (room - natural) / texts),
        false => points(wish, wish.natural),
    };
    let grown: Vec<f32> = wishes.iter().map(grow).collect();
    // What texts do not take is shared evenly, so that figures do not huddle at the edge.
    let rest = (room - grown.iter().sum::<f32>()) / wishes.len().max(1) as f32;
    Some(grown.into_iter().map(|width| width + rest).collect())
}

/// Everything narrower by the same part.
fn squeezed(wishes: &[Wish], room: f32) -> Vec<f32> {
    let all: f32 = wishes.iter().map(|wish| wish.least).sum();
    wishes.iter().map(|wish| room * wish.least / all.max(1.0)).collect()
}
