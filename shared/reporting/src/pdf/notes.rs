//! What a reader must know, in small print at the end of a section.

use super::{
    press::{Align, Press},
    theme::{INK, MARGIN, MUTED, RULE, Style},
};
use crate::{Error, document::Note};

const NAME_WIDTH: f32 = 82.0;

impl Press {
    pub(super) fn notes(&mut self, notes: &[Note]) -> Result<(), Error> {
        if notes.is_empty() {
            return Ok(());
        }
        self.ensure(40.0)?;
        let pen = super::canvas::Pen { colour: RULE, width: 0.5 };
        self.artifact(|press| press.canvas.rule((MARGIN, press.right()), press.y, pen));
        self.y += 8.0;
        for note in notes {
            self.ensure(24.0)?;
            let base = self.y + 7.5;
            self.label(
                "P",
                (MARGIN, base),
                (NAME_WIDTH - 8.0, Align::Left),
                &note.about,
                Style::strong(7.5, INK),
            )?;
            let width = self.width() - NAME_WIDTH;
            self.paragraph("P", (MARGIN + NAME_WIDTH, width), &note.text, Style::regular(7.5, MUTED))?;
            self.y += 4.0;
        }
        self.y += 10.0;
        Ok(())
    }
}
