//! Where sections begin.

use pdf_writer::Ref;

use super::{
    canvas::Area,
    press::Press,
    text::printable,
    theme::{INK, MARGIN, MUTED, Style, TOP},
};
use crate::Error;

/// A section that has less than this part of a page left begins on the next one.
const LOW: f32 = 0.3;

/// What a heading takes with two lines below it.
const HEIGHT: f32 = 90.0;

/// A place that readers jump to.
pub(super) struct Bookmark {
    pub(super) title: String,
    /// Counted from the first page after the cover.
    pub(super) page: usize,
    pub(super) id: Ref,
    /// From the lower edge.
    pub(super) y: f32,
}

impl Press {
    /// Writes the heading that waits for what stands below it: a wide table takes it along to its lying page.
    ///
    /// `below`: the height of the first thing that stands below it, as a heading at the end of a page announces nothing.
    pub(super) fn write_heading(&mut self, is_lying: bool, below: f32) -> Result<(), Error> {
        let Some(section) = self.heading.take() else { return Ok(()) };
        let is_low = self.room() < ((self.page.height - TOP) * LOW).max(below + HEIGHT);
        if is_lying != self.is_lying() || is_low && !self.is_fresh() {
            self.next_page(is_lying)?;
        }
        if !self.is_fresh() {
            self.y += 10.0;
        }
        let (accent, y) = (self.theme.accent_ink, self.y);
        self.artifact(|press| press.canvas.area(Area { x: MARGIN, y, width: 26.0, height: 3.0 }, accent));
        self.bookmarks.push(Bookmark {
            title: printable(&section.title),
            page: self.done.len(),
            id: self.page.id,
            y: self.page.height - y + 6.0,
        });
        let title = Style::strong(17.0, INK);
        let lines = self.faces.lines(title.weight, &section.title, title.thousandths(self.width()), 2);
        self.marked("H1", None, |press| {
            for (number, line) in lines.iter().enumerate() {
                press.draw((MARGIN, y + 24.0 + 20.0 * number as f32), line, title);
            }
        })?;
        self.y += 14.0 + 20.0 * lines.len().max(1) as f32;
        if let Some(intro) = &section.intro {
            let width = self.width() * 0.86;
            self.paragraph("P", (MARGIN, width), intro, Style::regular(9.0, MUTED))?;
        }
        self.y += 12.0;
        Ok(())
    }
}
