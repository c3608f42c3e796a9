//! Rejects as files for a spreadsheet program. Their values came from files of strangers.

use std::borrow::Cow;

use domain::Reject;
use rust_xlsxwriter::{Format, Workbook, XlsxError};

pub(crate) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

const HEADER: [&str; 8] = ["sheet", "row", "column", "cell", "value", "code", "message", "suggestion"];

/// Tells Excel that the text is UTF-8.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Most characters Excel takes in a cell.
const CELL_CHARS_MAX: usize = 32_767;

/// Comma-separated, UTF-8 with a byte order mark.
pub(crate) fn csv(rejects: &[Reject]) -> anyhow::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(BYTE_ORDER_MARK.to_vec());
    writer.write_record(HEADER)?;
    for reject in rejects {
        writer.write_record(cells(reject).iter().map(|cell| cell.as_bytes()))?;
    }
    Ok(writer.into_inner()?)
}

/// One sheet, header frozen.
pub(crate) fn xlsx(rejects: &[Reject]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name("Rejects")?;
    let bold = Format::new().set_bold();
    for (column, name) in (0..).zip(HEADER) {
        sheet.write_string_with_format(0, column, name, &bold)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    for (row, reject) in (1..).zip(rejects) {
        for (column, text) in (0..).zip(cells(reject)) {
            let text: String = text.chars().take(CELL_CHARS_MAX).collect();
            sheet.write_string(row, column, text)?;
        }
    }
    workbook.save_to_buffer()
}

fn cells(reject: &Reject) -> [Cow<'_, str>; 8] {
    let optional = |text: &'_ Option<String>| inert(text.as_deref().unwrap_or_default()).into_owned().into();
    [
        optional(&reject.sheet),
        reject.row.to_string().into(),
        optional(&reject.column),
        optional(&reject.cell),
        optional(&reject.value),
        inert(&reject.code),
        inert(&reject.message),
        optional(&reject.suggestion),
    ]
}

/// A leading apostrophe keeps a spreadsheet program from running a text as a formula.
fn inert(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reject(value: &str) -> Reject {
        Reject {
            sheet: Some("März".to_owned()),
            row: 12,
            column: Some("Qty".to_owned()),
            cell: Some("F12".to_owned()),
            value: Some(value.to_owned()),
            code: "not_a_number".to_owned(),
            message: "not a number".to_owned(),
            suggestion: None,
        }
    }

    #[test]
    fn no_value_starts_a_formula() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"] {
            let file = String::from_utf8(csv(&[reject(text)]).unwrap()).unwrap();
            let mut reader = csv::Reader::from_reader(file.trim_start_matches('\u{feff}').as_bytes());
            let value = reader.records().next().unwrap().unwrap()[4].to_owned();
            assert_eq!(value, format!("'{text}"));
        }
        assert_eq!(inert("1-1"), "1-1");
    }

    #[test]
    fn a_csv_keeps_quotes_line_breaks_and_umlauts() {
        let file = csv(&[reject("a \"b\",\nc")]).unwrap();
        assert_eq!(
            String::from_utf8(file).unwrap(),
            "\u{feff}sheet,row,column,cell,value,code,message,suggestion\n\
             März,12,Qty,F12,\"a \"\"b\"\",\nc\",not_a_number,not a number,\n"
        );
    }

    #[test]
    fn a_workbook_is_a_zip_even_with_a_text_that_excel_would_refuse() {
        let bytes = xlsx(&[reject(&"x".repeat(40_000)), reject("=1")]).unwrap();
        assert_eq!(&bytes[..2], b"PK");
    }
}
