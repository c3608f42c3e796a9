//! Tables of any length: their heads repeat, their figures stand below each other, their rows leave memory when they are drawn.

mod cells;
mod columns;

use domain::table::Block as Rows;
use rust_decimal::Decimal;

use self::{
    cells::{Cell, Ready},
    columns::Layout,
};
use super::{
    canvas::{Area, Pen},
    press::{Align, Press},
    theme::{INK, MARGIN, MUTED, RULE, SHADE, Style},
};
use crate::{
    Error,
    document::{Column, Locale, TableHead, Total, Values},
};

/// So many rows tell how wide columns must be.
const SAMPLE_ROWS: usize = 150;
/// Lines of a text in a cell; what does not fit ends with an ellipsis, and is whole for programs that read the PDF.
const LINES_MAX: usize = 3;
const NO_ROWS: &str = "No rows.";

/// A table that is being drawn.
pub(super) struct TableState {
    head: TableHead,
    locale: Locale,
    /// Known as soon as there are enough rows to tell.
    layout: Option<Layout>,
    waiting: Vec<Vec<Cell>>,
    sums: Vec<Decimal>,
    /// Why there are no values, in the order they were met.
    reasons: Vec<String>,
    rows: usize,
    /// Cells of the row at hand, kept for their memory.
    ready: Vec<Ready>,
}

impl TableState {
    pub(super) fn new(head: TableHead, locale: Locale) -> Self {
        let width = head.columns.len();
        Self {
            head,
            locale,
            layout: None,
            waiting: Vec::new(),
            sums: vec![Decimal::ZERO; width],
            reasons: Vec::new(),
            rows: 0,
            ready: (0..width).map(|_| Ready::default()).collect(),
        }
    }

    pub(super) fn push(&mut self, press: &mut Press, rows: &Rows) -> Result<(), Error> {
        for row in rows.iter() {
            let mut cells = Vec::with_capacity(self.head.columns.len());
            for (place, (cell, column)) in row.zip(&self.head.columns).enumerate() {
                if let (Some(sum), Total::Sum, Some(value)) = (
                    self.sums.get_mut(place),
                    &column.total,
                    cell.and_then(|cell| cell.parse::<Decimal>().ok()),
                ) {
                    *sum = sum.saturating_add(value);
                }
                cells.push(Cell::new(cell, column.values, self.locale, &mut self.reasons));
            }
            self.rows += 1;
            if self.layout.is_some() {
                self.draw_row(press, &cells)?;
            } else {
                self.waiting.push(cells);
                if self.waiting.len() >= SAMPLE_ROWS {
                    self.lay_out(press)?;
                }
            }
        }
        Ok(())
    }

    /// Decides on widths, begins the table and draws what has been waiting.
    fn lay_out(&mut self, press: &mut Press) -> Result<(), Error> {
        let total = self.total_cells();
        let sample: Vec<&[Cell]> = self.waiting.iter().map(Vec::as_slice).chain([total.as_slice()]).collect();
        let layout = Layout::new(press, &self.head.columns, &sample);
        // A head without rows below it is none.
        let needed = layout.head_height + 3.0 * layout.row_height(1) + 24.0;
        press.write_heading(layout.is_lying, needed)?;
        if layout.is_lying == press.is_lying() {
            press.ensure(needed)?;
        } else {
            press.next_page(layout.is_lying)?;
        }
        if let Some(title) = &self.head.title {
            press.label(
                "H2",
                (MARGIN, press.y + 11.0),
                (press.width(), Align::Left),
                title,
                Style::strong(11.0, INK),
            )?;
            press.y += 20.0;
        }
        press.tags.begin(&mut press.file, "Table");
        press.tags.begin(&mut press.file, "TR");
        layout.draw_head(press, &self.head.columns, true)?;
        press.tags.end(&mut press.file)?;
        self.layout = Some(layout);
        for cells in std::mem::take(&mut self.waiting) {
            self.draw_row(press, &cells)?;
        }
        Ok(())
    }

    fn draw_row(&mut self, press: &mut Press, cells: &[Cell]) -> Result<(), Error> {
        let Some(layout) = &self.layout else { return Ok(()) };
        let style = Style::regular(layout.size, INK);
        let lines = layout.prepare(press, cells, style, &mut self.ready);
        let height = layout.row_height(lines);
        if press.room() < height {
            press.next_page(layout.is_lying)?;
            if let Some(title) = &self.head.title {
                let words = format!("{title}, continued");
                let line = press.faces.cut(super::face::Weight::Regular, &words, 60_000.0);
                press
                    .artifact(|press| press.draw((MARGIN, press.y + 7.5), &line, Style::regular(7.5, MUTED)));
                press.y += 14.0;
            }
            layout.draw_head(press, &self.head.columns, false)?;
            layout.prepare(press, cells, style, &mut self.ready);
        }
        if layout.drawn % 2 == 1 {
            let area = Area { x: MARGIN, y: press.y, width: press.width(), height };
            press.artifact(|press| press.canvas.area(area, SHADE));
        }
        press.tags.begin(&mut press.file, "TR");
        layout.draw_cells(press, &self.ready, style)?;
        press.tags.end(&mut press.file)?;
        press.y += height;
        if let Some(layout) = &mut self.layout {
            layout.drawn += 1;
        }
        Ok(())
    }

    pub(super) fn finish(mut self, press: &mut Press) -> Result<(), Error> {
        if self.layout.is_none() {
            self.lay_out(press)?;
        }
        if self.rows == 0 {
            press.tags.end(&mut press.file)?;
            press.label(
                "P",
                (MARGIN + 5.0, press.y + 13.0),
                (press.width(), Align::Left),
                NO_ROWS,
                Style::regular(8.0, MUTED),
            )?;
            press.y += 20.0;
        } else {
            self.draw_totals(press)?;
            press.tags.end(&mut press.file)?;
        }
        let rule = Pen { colour: RULE, width: 0.5 };
        press.artifact(|press| press.canvas.rule((MARGIN, press.right()), press.y, rule));
        press.y += 5.0;
        for (place, reason) in self.reasons.iter().enumerate() {
            let words = format!("{} {reason}", cells::mark(place));
            press.paragraph("P", (MARGIN, press.width()), &words, Style::regular(7.0, MUTED))?;
        }
        for note in &self.head.notes {
            press.paragraph("P", (MARGIN, press.width()), note, Style::regular(7.0, MUTED))?;
        }
        press.y += 16.0;
        Ok(())
    }

    fn draw_totals(&mut self, press: &mut Press) -> Result<(), Error> {
        if self.head.columns.iter().all(|column| column.total == Total::None) {
            return Ok(());
        }
        let cells = self.total_cells();
        let Some(layout) = &self.layout else { return Ok(()) };
        let style = Style::strong(layout.size, INK);
        let height = layout.row_height(layout.prepare(press, &cells, style, &mut self.ready)) + 2.0;
        if press.room() < height {
            press.next_page(layout.is_lying)?;
            layout.draw_head(press, &self.head.columns, false)?;
        }
        let rule = Pen { colour: INK, width: 0.8 };
        press.artifact(|press| press.canvas.rule((MARGIN, press.right()), press.y, rule));
        press.y += 1.0;
        press.tags.begin(&mut press.file, "TR");
        layout.draw_cells(press, &self.ready, style)?;
        press.tags.end(&mut press.file)?;
        press.y += height;
        Ok(())
    }

    fn total_cells(&self) -> Vec<Cell> {
        let cell = |(column, sum): (&Column, &Decimal)| match &column.total {
            Total::None => Cell::Blank,
            Total::Words(words) => Cell::Text(words.clone()),
            Total::Sum => Cell::Value(shown(*sum, column.values, self.locale)),
            Total::Given(value) => Cell::Value(shown(*value, column.values, self.locale)),
        };
        self.head.columns.iter().zip(&self.sums).map(cell).collect()
    }
}

fn shown(value: Decimal, values: Values, locale: Locale) -> String {
    match values {
        Values::Percent => locale.percent(value, 1),
        // As many decimals as there are: nobody sells half a piece unnoticed.
        Values::Integer => locale.decimal(value, value.normalize().scale()),
        _ => locale.decimal(value, values.scale().unwrap_or(value.scale())),
    }
}
