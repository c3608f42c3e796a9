//! Reports as PDF: pages that are designed, and that can be read by those who do not see them.

mod canvas;
mod cards;
mod chart;
mod cover;
mod ending;
mod face;
mod file;
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
    canvas::Area,
    logo::Logo,
    press::Press,
    table::TableState,
    theme::{INK, MARGIN, MUTED, Style, Theme},
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
    bookmarks: Vec<Bookmark>,
    has_section: bool,
    table: Option<Box<TableState>>,
}

/// A place that readers jump to.
struct Bookmark {
    title: String,
    /// Counted from the first page after the cover.
    page: usize,
    id: Ref,
    /// From the upper edge.
    y: f32,
    height: f32,
    is_section: bool,
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
        Ok(Self {
            head,
            press,
            logo,
            warnings,
            cover,
            bookmarks: Vec::new(),
            has_section: false,
            table: None,
        })
    }

    pub(crate) fn section(&mut self, section: &Section) -> Result<(), Error> {
        self.end_table()?;
        let press = &mut self.press;
        if self.has_section {
            press.tags.end(&mut press.file)?;
        }
        self.has_section = true;
        press.upright()?;
        // A section that begins far down looks like the end of the one before.
        let is_low = press.room() < (press.page.height - theme::TOP) * 0.45;
        if is_low && !press.is_fresh() {
            press.next_page(false)?;
        }
        press.tags.begin(&mut press.file, "Sect");
        if !press.is_fresh() {
            press.y += 10.0;
        }
        let (accent, y) = (press.theme.accent_ink, press.y);
        press.artifact(|press| press.canvas.area(Area { x: MARGIN, y, width: 26.0, height: 3.0 }, accent));
        self.bookmark(&section.title, true);
        let press = &mut self.press;
        let title = Style::strong(17.0, INK);
        let lines = press.faces.lines(title.weight, &section.title, title.thousandths(press.width()), 2);
        press.marked("H1", None, |press| {
            for (number, line) in lines.iter().enumerate() {
                press.draw((MARGIN, y + 24.0 + 20.0 * number as f32), line, title);
            }
        })?;
        press.y += 14.0 + 20.0 * lines.len().max(1) as f32;
        if let Some(intro) = &section.intro {
            press.paragraph("P", (MARGIN, press.width() * 0.86), intro, Style::regular(9.0, MUTED))?;
        }
        press.y += 12.0;
        Ok(())
    }

    fn bookmark(&mut self, title: &str, is_section: bool) {
        let press = &self.press;
        self.bookmarks.push(Bookmark {
            title: text::printable(title),
            page: press.done.len(),
            id: press.page.id,
            y: press.y - 6.0,
            height: press.page.height,
            is_section,
        });
    }

    /// Begins a page if there is none yet: not every report has sections.
    fn open(&mut self) -> Result<(), Error> {
        self.end_table()?;
        self.press.upright()?;
        self.press.ensure(1.0)
    }

    pub(crate) fn block(&mut self, block: &Block) -> Result<(), Error> {
        self.open()?;
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
        self.press.ensure(1.0)?;
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
        let press = &mut self.press;
        if self.has_section {
            press.tags.end(&mut press.file)?;
        }
        let contents: Vec<_> = self
            .bookmarks
            .iter()
            .filter(|bookmark| bookmark.is_section)
            .map(|bookmark| (bookmark.title.clone(), bookmark.page + 2))
            .collect();
        press.tags.begin_at(self.cover, "Sect");
        press.cover(&self.head, self.logo, &contents)?;
        press.end_page()?;
        press.tags.end(&mut press.file)?;
        ending::finish(self)
    }
}
