//! The rejects one below the other.

use std::borrow::Cow;

use domain::Reject;
use rust_xlsxwriter::{Format, Url, Worksheet, XlsxError};

use crate::{CsvTable, Error, text::inert};

const HEADER: [&str; 8] = ["sheet", "row", "column", "cell", "value", "code", "message", "suggestion"];
/// Of the columns above, in characters.
const WIDTHS: [f64; 8] = [16.0, 8.0, 16.0, 8.0, 24.0, 20.0, 60.0, 60.0];
const CELL_COLUMN: u16 = 3;

/// Most characters Excel takes in a cell.
const CELL_CHARS_MAX: usize = 32_767;

/// The list as CSV.
///
/// # Errors
/// Never for texts; the type of the writer has them.
pub fn csv(rejects: &[Reject]) -> Result<Vec<u8>, Error> {
    let mut table = CsvTable::new(&HEADER)?;
    for reject in rejects {
        table.push(&texts(reject))?;
    }
    table.finish()
}

/// Writes the list; `place` says where in the workbook a reject is marked.
pub(super) fn write(
    sheet: &mut Worksheet,
    rejects: &[Reject],
    notes: &[String],
    place: impl Fn(&Reject) -> Option<String>,
) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    for (column, (name, width)) in (0..).zip(HEADER.into_iter().zip(WIDTHS)) {
        sheet.write_string_with_format(0, column, name, &bold)?;
        sheet.set_column_width(column, width)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    let mut next = 1;
    for reject in rejects {
        for (column, text) in (0..).zip(cells(reject)) {
            let text: String = text.chars().take(CELL_CHARS_MAX).collect();
            sheet.write_string(next, column, text)?;
        }
        if let Some(place) = place(reject) {
            let text = reject.cell.clone().unwrap_or_else(|| reject.row.to_string());
            sheet.write_url_with_text(next, CELL_COLUMN, Url::new(place), inert(&text))?;
        }
        next += 1;
    }
    for note in notes {
        next += 1;
        sheet.write_string(next, 0, note)?;
    }
    Ok(())
}

fn cells(reject: &Reject) -> [Cow<'_, str>; 8] {
    texts(reject).map(|text| inert(&text).into_owned().into())
}

fn texts(reject: &Reject) -> [Cow<'_, str>; 8] {
    let optional = |text: &'_ Option<String>| text.clone().unwrap_or_default().into();
    [
        optional(&reject.sheet),
        reject.row.to_string().into(),
        optional(&reject.column),
        optional(&reject.cell),
        optional(&reject.value),
        reject.code.as_str().into(),
        reject.message.as_str().into(),
        optional(&reject.suggestion),
    ]
}
