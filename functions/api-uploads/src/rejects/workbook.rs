//! Brings the sender's file and its rejects together.

use std::ops::ControlFlow;

use cloud::LocalCopy;
use domain::Reject;
use ingest::{Cell, Original, Row};
use reporting::{
    Error,
    rejects::{RejectWorkbook, Value},
};

/// A workbook larger than this would not pass through Lambda's 6 MB, base64 included.
const ANSWER_BYTES_MAX: usize = 4_400_000;

/// Counting stops here: a sheet of so many cells is large.
const COUNTED_CELLS_MAX: usize = 100_000;

/// The sender's table with the rejected cells marked, and the list of them. Without the file there is only the list.
pub(super) fn marked(rejects: &[Reject], original: Option<LocalCopy>) -> Result<Vec<u8>, Error> {
    let mut workbook = RejectWorkbook::new(rejects)?;
    match original.as_ref().map(|copy| Original::open(copy.path())) {
        Some(Ok(mut file)) => {
            for (index, name) in file.sheets().into_iter().enumerate() {
                if workbook.marks(name.as_deref()) {
                    let cells = count(&mut file, index);
                    workbook.sheet(name.as_deref(), cells, |sheet| {
                        each_row(&mut file, index, |row| sheet.row(row.number, row.cells.iter().map(value)))
                    })?;
                }
            }
        }
        _ if rejects.is_empty() => {}
        _ => workbook.note("The file itself can no longer be read, so its table is not shown."),
    }
    let bytes = workbook.finish()?;
    if bytes.len() > ANSWER_BYTES_MAX && original.is_some() { marked(rejects, None) } else { Ok(bytes) }
}

fn count(file: &mut Original, sheet: usize) -> usize {
    let mut cells = 0;
    // A damaged file shows as far as it can be read.
    let _ = file.rows(sheet, &mut |row| {
        cells += row.cells.len();
        if cells > COUNTED_CELLS_MAX { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    cells
}

fn each_row(
    file: &mut Original,
    sheet: usize,
    mut take: impl FnMut(&Row) -> Result<ControlFlow<()>, Error>,
) -> Result<(), Error> {
    let mut failed = None;
    let _ = file.rows(sheet, &mut |row| {
        take(row).unwrap_or_else(|error| {
            failed = Some(error);
            ControlFlow::Break(())
        })
    });
    failed.map_or(Ok(()), Err)
}

fn value((column, cell): &(u32, Cell)) -> (u32, Value<'_>) {
    let value = match cell {
        Cell::Text(text) | Cell::Error(text) => Value::Text(text),
        Cell::Number(number) => Value::Number(*number),
        Cell::Date(date) => Value::Date(*date),
        Cell::Bool(value) => Value::Bool(*value),
    };
    (*column, value)
}
