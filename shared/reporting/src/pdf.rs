//! Reports as PDF: pages that are designed, and that can be read by those who do not see them.

mod canvas;
mod cards;
mod chart;
mod cover;
mod ending;
mod face;
mod file;
mod heading;
mod logo;
mod notes;
mod press;
mod table;
mod tags;
mod text;
mod theme;

use domain::table::Block as Rows;
use pdf_writer::Ref;

use self::{
    logo::Logo,
    press::Press,
    table::TableState,
    theme::{INK, MARGIN, Style, Theme},
};
use crate::{
    Error, Warning,
    document::{Block, Head, Section, TableHead},
    report::Finished,
};

/// A PDF in the making. Pages leave memory when they are full.
pub struct PdfReport {
    head: Head,
    press: Press,
    logo: Option<Logo>,
    warnings: Vec<Warning>,
    /// Where the cover belongs, which is written last.
    cover: Ref,
    has_section: bool,
    table: Option<Box<TableState>>,
}

impl PdfReport {
    pub(crate) fn new(head: Head) -> Result<Self, Error> {
        let mark = if head.corrected.is_some() { " · corrected" } else { "" };
        let left = format!("{} · {}{mark}", head.title, head.period);
        let name = head.branding.name.clone().unwrap_or_else(|| head.organization.clone());
        let mut press = Press::new(Theme::new(&head.branding), (left, name))?;
        let cover = press.tags.reserve(&mut press.file);
        let mut warnings = Vec::new();
        let logo = match head.branding.logo.as_deref().map(logo::read) {
            None => None,
            Some(Ok(picture)) => Some(logo::write(&mut press.file, &picture)?),
            Some(Err(fault)) => {
                warnings.push(Warning { code: fault.code(), message: fault.to_string() });
                None
            }
        };
        Ok(Self { head, press, logo, warnings, cover, has_section: false, table: None })
    }

    pub(crate) fn section(&mut self, section: &Section) -> Result<(), Error> {
        self.end_table()?;
        self.press.write_heading(false, 0.0)?;
        let press = &mut self.press;
        if self.has_section {
            press.tags.end(&mut press.file)?;
        }
        self.has_section = true;
        press.tags.begin(&mut press.file, "Sect");
        press.heading = Some(section.clone());
        Ok(())
    }

    /// Begins a page if there is none yet: not every report has sections.
    fn open(&mut self, height: f32) -> Result<(), Error> {
        self.end_table()?;
        self.press.upright()?;
        self.press.write_heading(false, height)?;
        self.press.ensure(1.0)
    }

    pub(crate) fn block(&mut self, block: &Block) -> Result<(), Error> {
        // A table knows its height, and whether it lies, when it has seen some rows.
        match block {
            Block::Table(_) => {}
            Block::Cards(cards) => self.open(cards::height(cards))?,
            Block::Chart(chart) => self.open(chart::height(chart))?,
            Block::Paragraph(_) | Block::Notes(_) => self.open(0.0)?,
        }
        let locale = self.head.locale;
        match block {
            Block::Cards(cards) => self.press.cards(cards, locale),
            Block::Chart(chart) => self.press.chart(chart, locale),
            Block::Notes(notes) => self.press.notes(notes),
            Block::Paragraph(words) => {
                let width = self.press.width() * 0.86;
                self.press.paragraph("P", (MARGIN, width), words, Style::regular(9.0, INK))?;
                self.press.y += 12.0;
                Ok(())
            }
            Block::Table(table) => {
                self.begin_table(table.head.clone())?;
                self.rows(&table.rows)?;
                self.end_table()
            }
        }
    }

    pub(crate) fn begin_table(&mut self, head: TableHead) -> Result<(), Error> {
        self.end_table()?;
        self.table = Some(Box::new(TableState::new(head, self.head.locale)));
        Ok(())
    }

    pub(crate) fn rows(&mut self, rows: &Rows) -> Result<(), Error> {
        match &mut self.table {
            Some(table) => table.push(&mut self.press, rows),
            None => Err(Error::NoTable),
        }
    }

    pub(crate) fn end_table(&mut self) -> Result<(), Error> {
        match self.table.take() {
            Some(table) => table.finish(&mut self.press),
            None => Ok(()),
        }
    }

    /// The cover, the feet of all pages, and what the file ends with.
    pub(crate) fn finish(mut self) -> Result<Finished, Error> {
        self.end_table()?;
        self.press.write_heading(false, 0.0)?;
        let press = &mut self.press;
        if self.has_section {
            press.tags.end(&mut press.file)?;
        }
        let contents: Vec<_> =
            press.bookmarks.iter().map(|bookmark| (bookmark.title.clone(), bookmark.page + 2)).collect();
        press.tags.begin_at(self.cover, "Sect");
        press.cover(&self.head, self.logo, &contents)?;
        press.end_page()?;
        press.tags.end(&mut press.file)?;
        ending::finish(self)
    }
}
