//! Reports as workbooks: typed cells, heads that stay, charts and sums of the program that opens them.

mod charts;
mod formats;
mod names;
mod table;

use rust_xlsxwriter::{Workbook as Xlsx, Worksheet};

use self::{formats::Formats, names::SheetNames, table::TableState};
use super::Finished;
use crate::{
    Error,
    document::{Block, Card, Figure, Head, Note, Section, TableHead},
    text::cell_text,
    theme::Theme,
};
use domain::table::Block as Rows;
use std::io::Seek as _;

/// A third of the time that the default takes, for a file a tenth larger.
const COMPRESSION: u8 = 5;
/// A table keeps its head in sight if no more than this is above it.
const ROWS_ABOVE_MAX: u32 = 8;

/// A workbook in the making: a sheet a section, and one for each table that others would push out of sight.
pub struct WorkbookReport {
    head: Head,
    xlsx: Xlsx,
    formats: Formats,
    theme: Theme,
    names: SheetNames,
    /// A section of which nothing has been written yet.
    begun: Option<Section>,
    sheet: Option<Sheet>,
    table: Option<TableState>,
}

/// The sheet that is being written.
#[derive(Debug, Clone)]
struct Sheet {
    index: usize,
    name: String,
    row: u32,
    /// Nothing is on it but its title.
    is_fresh: bool,
    has_table: bool,
}

impl WorkbookReport {
    pub(super) fn new(head: Head) -> Result<Self, Error> {
        let theme = Theme::new(&head.branding);
        let formats = Formats::new(&theme, head.locale);
        let (names, xlsx) = (SheetNames::default(), Xlsx::new());
        let mut report = Self { head, xlsx, formats, theme, names, begun: None, sheet: None, table: None };
        report.xlsx.set_zip_compression_level(COMPRESSION);
        report.xlsx.set_properties(
            &rust_xlsxwriter::DocProperties::new()
                .set_title(&report.head.title)
                .set_company(&report.head.organization)
                .set_author("Shelfline")
                .set_creation_datetime(&excel_time(report.head.made_at)?),
        );
        report.cover()?;
        Ok(report)
    }

    /// What a PDF says on its first page.
    fn cover(&mut self) -> Result<(), Error> {
        self.begin_sheet("Report", false)?;
        let head = self.head.clone();
        let made =
            format!("{}, {} UTC", head.locale.date(head.made_at.date_naive()), head.made_at.format("%H:%M"));
        let name = head.branding.name.clone().unwrap_or_else(|| head.organization.clone());
        let formats = self.formats.clone();
        let (sheet, row) = self.sheet()?;
        sheet.set_screen_gridlines(false);
        sheet.set_column_width(0, 24)?.set_column_width(1, 90)?;
        sheet.write_string_with_format(*row, 0, &*cell_text(&name), &formats.muted)?;
        sheet.write_string_with_format(*row + 1, 0, &*cell_text(&head.title), &formats.title)?;
        *row += 2;
        if let Some(subtitle) = &head.subtitle {
            sheet.write_string(*row, 0, &*cell_text(subtitle))?;
            *row += 1;
        }
        sheet.write_string_with_format(*row, 0, &*cell_text(&head.period), &formats.strong)?;
        *row += 2;
        let marks = [("Corrected", &head.corrected), ("Nothing to report", &head.empty)];
        for (name, words) in marks.into_iter().filter_map(|(name, words)| Some((name, words.as_ref()?))) {
            sheet.write_string_with_format(*row, 0, name, &formats.alert)?;
            sheet.write_string_with_format(*row, 1, &*cell_text(words), &formats.wrapped)?;
            *row += 1;
        }
        let own = [("Organisation".to_owned(), head.organization.clone()), ("Made".to_owned(), made)];
        for (name, value) in own.iter().chain(&head.facts) {
            sheet.write_string_with_format(*row, 0, &*cell_text(name), &formats.muted)?;
            sheet.write_string_with_format(*row, 1, &*cell_text(value), &formats.wrapped)?;
            *row += 1;
        }
        Ok(())
    }

    fn begin_sheet(&mut self, title: &str, is_long: bool) -> Result<(), Error> {
        let name = self.names.unused(title);
        let sheet =
            if is_long { self.xlsx.add_worksheet_with_constant_memory()? } else { self.xlsx.add_worksheet() };
        sheet.set_name(&name)?;
        sheet.set_landscape().set_print_fit_to_pages(1, 0);
        sheet.set_tab_color(formats::colour(self.theme.accent));
        let index = self.sheet.as_ref().map_or(0, |sheet| sheet.index + 1);
        self.sheet = Some(Sheet { index, name, row: 0, is_fresh: true, has_table: false });
        Ok(())
    }

    /// The sheet at hand, and its next row.
    fn sheet(&mut self) -> Result<(&mut Worksheet, &mut u32), Error> {
        let sheet = self.sheet.as_mut().ok_or(Error::NoTable)?;
        Ok((self.xlsx.worksheet_from_index(sheet.index)?, &mut sheet.row))
    }

    pub(super) fn section(&mut self, section: &Section) -> Result<(), Error> {
        self.end_table()?;
        self.open_section(false)?;
        self.begun = Some(section.clone());
        Ok(())
    }

    /// Begins the sheet of a section, once it is known whether a long table is on it.
    fn open_section(&mut self, is_long: bool) -> Result<(), Error> {
        let Some(section) = self.begun.take() else { return Ok(()) };
        self.begin_sheet(&section.title, is_long)?;
        let formats = self.formats.clone();
        let (sheet, row) = self.sheet()?;
        sheet.write_string_with_format(0, 0, &*cell_text(&section.title), &formats.heading)?;
        *row = 1;
        if let Some(intro) = &section.intro {
            sheet.write_string_with_format(1, 0, &*cell_text(intro), &formats.muted)?;
            *row = 2;
        }
        *row += 1;
        Ok(())
    }

    pub(super) fn block(&mut self, block: &Block) -> Result<(), Error> {
        self.end_table()?;
        if let Block::Table(table) = block {
            self.begin_table_on(&table.head, false)?;
            self.rows(&table.rows)?;
            return self.end_table();
        }
        self.open_section(false)?;
        match block {
            Block::Cards(cards) => self.cards(cards)?,
            Block::Chart(chart) => charts::write(self, chart)?,
            Block::Paragraph(words) => {
                let (sheet, row) = self.sheet()?;
                sheet.write_string(*row, 0, &*cell_text(words))?;
                *row += 2;
            }
            Block::Notes(notes) => self.notes(notes)?,
            Block::Table(_) => {}
        }
        if let Some(sheet) = &mut self.sheet {
            sheet.is_fresh = false;
        }
        Ok(())
    }

    fn notes(&mut self, notes: &[Note]) -> Result<(), Error> {
        let formats = self.formats.clone();
        let (sheet, row) = self.sheet()?;
        for note in notes {
            sheet.write_string_with_format(*row, 0, &*cell_text(&note.about), &formats.strong)?;
            sheet.write_string_with_format(*row, 1, &*cell_text(&note.text), &formats.muted)?;
            *row += 1;
        }
        *row += 1;
        Ok(())
    }

    /// A row a comparison, as a table whose figures can be calculated with.
    fn cards(&mut self, cards: &[Card]) -> Result<(), Error> {
        let formats = self.formats.clone();
        let (sheet, row) = self.sheet()?;
        for (place, title) in (0..).zip(["Figure", "Value", "Compared", "Change", "Then"]) {
            let format = if place % 2 == 0 && place < 4 { &formats.head } else { &formats.head_right };
            sheet.set_column_width(place, if place == 0 { 26 } else { 20 })?;
            sheet.write_string_with_format(*row, place, title, format)?;
        }
        *row += 1;
        let mut figure = |row: u32, place: u16, figure: &Figure, format| match figure {
            Figure::Known(value) => formats.number(sheet, (row, place), *value, format),
            Figure::Missing(why) => {
                sheet.write_string_with_format(row, place, &*cell_text(why), &formats.reason)?;
                Ok(())
            }
        };
        let mut words = Vec::new();
        for card in cards {
            words.push((*row, 0, &card.title));
            figure(*row, 1, &card.value, formats::NumberFormat::of_unit(card.unit))?;
            for (place, change) in (0..).zip(&card.changes) {
                words.push((*row + place, 2, &change.against));
                figure(*row + place, 3, &change.percent, formats::NumberFormat::of_change(card.unit))?;
                if let Some(base) = change.base {
                    figure(*row + place, 4, &Figure::Known(base), formats::NumberFormat::of_unit(card.unit))?;
                }
            }
            *row += u32::try_from(card.changes.len().max(1)).unwrap_or(1);
        }
        for (row, place, text) in words {
            sheet.write_string(row, place, &*cell_text(text))?;
        }
        *row += 1;
        Ok(())
    }

    pub(super) fn begin_table(&mut self, head: &TableHead) -> Result<(), Error> {
        self.end_table()?;
        self.begin_table_on(head, true)
    }

    /// On the sheet of its section if nothing else is there, on one of its own otherwise: its head is to stay in sight.
    fn begin_table_on(&mut self, head: &TableHead, is_long: bool) -> Result<(), Error> {
        let title = head.title.clone().or_else(|| Some(self.begun.as_ref()?.title.clone()));
        self.open_section(is_long)?;
        let stays = self
            .sheet
            .as_ref()
            .is_some_and(|sheet| sheet.is_fresh && sheet.index > 0 && sheet.row <= ROWS_ABOVE_MAX);
        if !stays {
            self.begin_sheet(title.as_deref().unwrap_or("Table"), is_long)?;
        }
        self.table = Some(TableState::begin(self, head, is_long)?);
        Ok(())
    }

    pub(super) fn rows(&mut self, rows: &Rows) -> Result<(), Error> {
        let mut table = self.table.take().ok_or(Error::NoTable)?;
        let written = table.rows(self, rows);
        self.table = Some(table);
        written
    }

    pub(super) fn end_table(&mut self) -> Result<(), Error> {
        match self.table.take() {
            Some(table) => table.end(self),
            None => Ok(()),
        }
    }

    pub(super) fn finish(mut self) -> Result<Finished, Error> {
        self.end_table()?;
        self.open_section(false)?;
        let mut file = tempfile::tempfile().map_err(Error::Disk)?;
        self.xlsx.save_to_writer(&mut file)?;
        let size_bytes =
            file.stream_position().map_err(Error::Disk)?.max(file.metadata().map_err(Error::Disk)?.len());
        file.rewind().map_err(Error::Disk)?;
        Ok(Finished { file, size_bytes, pages: None, warnings: Vec::new() })
    }
}

/// Without it a workbook would say when it was written, and no two would be equal.
fn excel_time(made_at: chrono::DateTime<chrono::Utc>) -> Result<rust_xlsxwriter::ExcelDateTime, Error> {
    Ok(rust_xlsxwriter::ExcelDateTime::parse_from_str(&made_at.format("%Y-%m-%dT%H:%M:%S").to_string())?)
}
