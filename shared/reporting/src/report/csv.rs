//! Reports as CSV: what is counted, without what explains it.

use std::{
    fs::File,
    io::{self, BufWriter, Read as _, Seek as _, SeekFrom, Write as _},
};

use domain::{
    NumberStyle,
    table::{Block as Rows, Column},
};

use super::{Finished, plain};
use crate::{
    Error,
    document::{Block, Head, Section, TableHead},
    table::BYTE_ORDER_MARK,
    tables::delimited::{Delimited, push_text},
};

/// A report of one table that is pushed is that table; any other is all its blocks below each other, each under its title.
pub struct CsvReport {
    file: BufWriter<File>,
    written: u64,
    style: NumberStyle,
    table: Option<Delimited>,
    /// Where the tables lie that were pushed.
    pushed: Vec<(u64, u64)>,
}

impl CsvReport {
    pub(super) fn new(head: &Head) -> Result<Self, Error> {
        let file = BufWriter::new(tempfile::tempfile().map_err(Error::Disk)?);
        let style = head.locale.number_style();
        let mut report = Self { file, written: 0, style, table: None, pushed: Vec::new() };
        report.put(BYTE_ORDER_MARK)?;
        report.line(&[&head.title, &head.period, &head.organization])?;
        for words in [&head.corrected, &head.empty].into_iter().flatten() {
            report.line(&[words])?;
        }
        for (name, value) in &head.facts {
            report.line(&[name, value])?;
        }
        Ok(report)
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.written += bytes.len() as u64;
        self.file.write_all(bytes).map_err(Error::Disk)
    }

    fn line(&mut self, cells: &[&str]) -> Result<(), Error> {
        let mut bytes = Vec::new();
        for (place, cell) in cells.iter().enumerate() {
            if place > 0 {
                bytes.push(if self.style.has_comma() { b';' } else { b',' });
            }
            push_text(&mut bytes, cell);
        }
        bytes.push(b'\n');
        self.put(&bytes)
    }

    pub(super) fn section(&mut self, section: &Section) -> Result<(), Error> {
        self.end_table()?;
        self.put(b"\n")?;
        self.line(&[&section.title])?;
        section.intro.as_ref().map_or(Ok(()), |intro| self.line(&[intro]))
    }

    pub(super) fn block(&mut self, block: &Block) -> Result<(), Error> {
        self.end_table()?;
        match block {
            Block::Paragraph(words) => self.line(&[words]),
            Block::Notes(notes) => {
                self.put(b"\n")?;
                notes.iter().try_for_each(|note| self.line(&[&note.about, &note.text]))
            }
            Block::Cards(cards) => {
                let (columns, rows) = plain::cards(cards);
                self.whole(None, &columns, &rows)
            }
            Block::Chart(chart) => {
                let (columns, rows) = plain::chart(chart);
                self.whole(Some(&chart.title), &columns, &rows)
            }
            Block::Table(table) => {
                self.whole(table.head.title.as_deref(), &plain_columns(&table.head), &table.rows)
            }
        }
    }

    fn whole(&mut self, title: Option<&str>, columns: &[Column], rows: &Rows) -> Result<(), Error> {
        self.begin(title, columns)?;
        self.rows(rows)?;
        let table = self.table.take();
        table.map_or(Ok(()), |table| self.put(&table.bytes))
    }

    fn begin(&mut self, title: Option<&str>, columns: &[Column]) -> Result<(), Error> {
        self.put(b"\n")?;
        if let Some(title) = title {
            self.line(&[title])?;
        }
        self.table = Some(Delimited::after(Vec::new(), columns, self.style));
        Ok(())
    }

    pub(super) fn begin_table(&mut self, head: &TableHead) -> Result<(), Error> {
        self.end_table()?;
        self.begin(head.title.as_deref(), &plain_columns(head))?;
        self.pushed.push((self.written, self.written));
        Ok(())
    }

    pub(super) fn rows(&mut self, rows: &Rows) -> Result<(), Error> {
        let table = self.table.as_mut().ok_or(Error::NoTable)?;
        table.write(rows);
        let bytes = std::mem::take(&mut table.bytes);
        self.put(&bytes)
    }

    pub(super) fn end_table(&mut self) -> Result<(), Error> {
        let Some(table) = self.table.take() else { return Ok(()) };
        self.put(&table.bytes)?;
        let written = self.written;
        if let Some((_, end)) = self.pushed.last_mut() {
            *end = written;
        }
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<Finished, Error> {
        self.end_table()?;
        let mut file = self.file.into_inner().map_err(|error| Error::Disk(error.into_error()))?;
        let mut size_bytes = self.written;
        if let [(start, end)] = *self.pushed.as_slice() {
            file.seek(SeekFrom::Start(start)).map_err(Error::Disk)?;
            let mut alone = tempfile::tempfile().map_err(Error::Disk)?;
            alone.write_all(BYTE_ORDER_MARK).map_err(Error::Disk)?;
            size_bytes = BYTE_ORDER_MARK.len() as u64
                + io::copy(&mut file.take(end - start), &mut alone).map_err(Error::Disk)?;
            file = alone;
        }
        file.rewind().map_err(Error::Disk)?;
        Ok(Finished { file, size_bytes, pages: None, warnings: Vec::new() })
    }
}

/// With the currency of amounts, as their cells have none.
fn plain_columns(head: &TableHead) -> Vec<Column> {
    head.columns
        .iter()
        .map(|column| Column { name: column.full_title().into(), kind: column.values.kind() })
        .collect()
}
