//! The first page: whose report this is, of what, about when, and what is in it.

use super::{
    canvas::{Area, Pen},
    logo::Logo,
    press::{Align, Press},
    theme::{BAD, INK, MARGIN, MUTED, PAGE, RULE, SHADE, Style, WHITE},
};
use crate::{
    Error,
    document::{Colour, Head},
};

const BAND: f32 = 292.0;
const LOGO_HEIGHT: f32 = 30.0;
/// Lines that the list of contents has room for.
const CONTENTS_MAX: usize = 16;

impl Press {
    /// `contents`: sections with their pages.
    pub(super) fn cover(
        &mut self,
        head: &Head,
        logo: Option<Logo>,
        contents: &[(String, usize)],
    ) -> Result<(), Error> {
        self.begin_page(PAGE)?;
        let on_accent = self.theme.on_accent;
        let accent = self.theme.accent;
        self.artifact(|press| {
            press.canvas.area(Area { x: 0.0, y: 0.0, width: PAGE.0, height: BAND }, accent);
            press.canvas.area(Area { x: MARGIN, y: 142.0, width: 36.0, height: 3.0 }, on_accent);
        });
        let name = head.branding.name.as_deref().unwrap_or(&head.organization);
        let mut x = MARGIN;
        if let Some(logo) = logo {
            let width = (LOGO_HEIGHT * logo.ratio).min(150.0);
            let height = width / logo.ratio;
            let plate = Area { x: MARGIN, y: 44.0, width: width + 16.0, height: LOGO_HEIGHT + 12.0 };
            let area = Area { x: MARGIN + 8.0, y: 50.0 + (LOGO_HEIGHT - height) / 2.0, width, height };
            self.artifact(|press| press.canvas.rounded(plate, 4.0, Some(WHITE), None));
            let words = format!("Logo of {name}");
            self.marked("Figure", Some(&words), |press| press.canvas.image("Logo", area))?;
            x += plate.width + 12.0;
        }
        let width = PAGE.0 - MARGIN - x;
        self.label("P", (x, 69.5), (width, Align::Left), name, Style::strong(12.0, on_accent))?;
        self.title(head, on_accent)?;
        self.y = BAND + 26.0;
        if let Some(words) = &head.corrected {
            self.callout("Corrected", words, BAD)?;
        }
        if let Some(words) = &head.empty {
            self.callout("Nothing to report", words, self.theme.accent_ink)?;
        }
        self.facts(head)?;
        self.contents(contents)
    }

    fn title(&mut self, head: &Head, colour: Colour) -> Result<(), Error> {
        let width = self.width();
        let mut style = Style::strong(36.0, colour);
        while style.size > 20.0
            && self.faces.lines(style.weight, &head.title, style.thousandths(width), usize::MAX).len() > 2
        {
            style.size -= 4.0;
        }
        let lines = self.faces.lines(style.weight, &head.title, style.thousandths(width), 3);
        let top = 158.0 + style.size;
        let leading = style.size * 1.16;
        self.marked("H1", None, |press| {
            for (number, line) in lines.iter().enumerate() {
                press.draw((MARGIN, top + leading * number as f32), line, style);
            }
        })?;
        let mut base = top + leading * lines.len().saturating_sub(1) as f32 + 28.0;
        if let Some(subtitle) = &head.subtitle {
            self.label("P", (MARGIN, base), (width, Align::Left), subtitle, Style::regular(13.0, colour))?;
            base += 20.0;
        }
        self.label("P", (MARGIN, base), (width, Align::Left), &head.period, Style::strong(13.0, colour))
    }

    /// What nobody may overlook.
    fn callout(&mut self, name: &str, words: &str, colour: Colour) -> Result<(), Error> {
        let style = Style::regular(9.0, INK);
        let lines = self.faces.lines(style.weight, words, style.thousandths(self.width() - 28.0), 5);
        let height = 28.0 + lines.len() as f32 * 13.0;
        let area = Area { x: MARGIN, y: self.y, width: self.width(), height };
        self.artifact(|press| {
            press.canvas.rounded(area, 3.0, Some(SHADE), None);
            press.canvas.area(Area { width: 3.0, ..area }, colour);
        });
        let place = (MARGIN + 16.0, self.y + 18.0);
        self.label("P", place, (self.width() - 28.0, Align::Left), name, Style::strong(9.5, colour))?;
        let top = self.y + 32.0;
        self.marked("P", None, |press| {
            for (number, line) in lines.iter().enumerate() {
                press.draw((MARGIN + 16.0, top + 13.0 * number as f32), line, style);
            }
        })?;
        self.y += height + 14.0;
        Ok(())
    }

    /// In two columns, the name above what it says.
    fn facts(&mut self, head: &Head) -> Result<(), Error> {
        let made =
            format!("{}, {} UTC", head.locale.date(head.made_at.date_naive()), head.made_at.format("%H:%M"));
        let own = [("Organisation".to_owned(), head.organization.clone()), ("Made".to_owned(), made)];
        let width = self.width() / 2.0 - 10.0;
        let facts: Vec<_> = own.iter().chain(&head.facts).collect();
        for pair in facts.chunks(2) {
            let mut height = 0.0_f32;
            for (place, (name, value)) in pair.iter().enumerate() {
                let x = MARGIN + place as f32 * (width + 20.0);
                self.label("P", (x, self.y + 8.0), (width, Align::Left), name, Style::strong(7.5, MUTED))?;
                let style = Style::regular(9.5, INK);
                let lines = self.faces.lines(style.weight, value, style.thousandths(width), 3);
                let top = self.y + 22.0;
                self.marked("P", None, |press| {
                    for (number, line) in lines.iter().enumerate() {
                        press.draw((x, top + 12.5 * number as f32), line, style);
                    }
                })?;
                height = height.max(lines.len() as f32 * 12.5);
            }
            self.y += height + 21.0;
        }
        self.y += 10.0;
        Ok(())
    }

    fn contents(&mut self, contents: &[(String, usize)]) -> Result<(), Error> {
        if contents.is_empty() {
            return Ok(());
        }
        let place = (MARGIN, self.y + 11.0);
        self.label("H2", place, (self.width(), Align::Left), "Contents", Style::strong(11.0, INK))?;
        self.y += 20.0;
        let room = ((self.page.height - super::theme::BOTTOM - self.y) / 17.0) as usize;
        let shown = contents.len().min(CONTENTS_MAX).min(room.saturating_sub(1));
        for (title, page) in contents.iter().take(shown) {
            let pen = Pen { colour: RULE, width: 0.5 };
            self.artifact(|press| press.canvas.rule((MARGIN, press.right()), press.y, pen));
            let base = self.y + 12.0;
            let width = self.width() - 40.0;
            self.label("P", (MARGIN, base), (width, Align::Left), title, Style::regular(9.0, INK))?;
            let place = (self.right() - 40.0, base);
            self.label("P", place, (40.0, Align::Right), &page.to_string(), Style::regular(9.0, MUTED))?;
            self.y += 17.0;
        }
        if contents.len() > shown {
            let words =
                format!("and {} more; all of them are bookmarks of this file", contents.len() - shown);
            let place = (MARGIN, self.y + 12.0);
            self.label("P", place, (self.width(), Align::Left), &words, Style::regular(8.0, MUTED))?;
        }
        Ok(())
    }
}
