use std::{
    io::{Cursor, Read as _},
    ops::ControlFlow,
};

use rust_decimal::Decimal;
use zip::ZipArchive;

use super::*;
use domain::Reject;

fn reject(sheet: Option<&str>, row: u32, cell: Option<&str>, value: &str) -> Reject {
    Reject {
        sheet: sheet.map(str::to_owned),
        row,
        column: Some("Qty".to_owned()),
        cell: cell.map(str::to_owned),
        value: Some(value.to_owned()),
        code: "number_invalid".to_owned(),
        message: "This is not a number.".to_owned(),
        suggestion: Some("Write it with digits.".to_owned()),
    }
}

/// A part of the workbook as text.
fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

/// The text of a cell's XML, for example `<c r="B2" s="1"><v>-5</v></c>`.
fn cell(sheet: &str, address: &str) -> String {
    let start =
        sheet.find(&format!("<c r=\"{address}\"")).unwrap_or_else(|| panic!("no {address} in {sheet}"));
    let rest = &sheet[start..];
    let end = rest
        .find("</c>")
        .map_or(rest.len(), |end| end + 4)
        .min(rest.find("/>").map_or(rest.len(), |end| end + 2));
    rest[..end].to_owned()
}

fn filled(rows: u32, columns: u32, rejects: &[Reject]) -> Vec<u8> {
    let mut workbook = RejectWorkbook::new(rejects).unwrap();
    workbook
        .sheet(Some("Sales"), (rows * columns) as usize, |sheet| {
            for row in 1..=rows {
                let cells = (0..columns).map(|column| (column, Value::Number(Decimal::from(row))));
                if sheet.row(row, cells)? == ControlFlow::Break(()) {
                    break;
                }
            }
            Ok(())
        })
        .unwrap();
    workbook.finish().unwrap()
}

#[test]
fn a_small_table_is_shown_whole_with_its_rejected_cells_filled_and_commented() {
    let rejects = [reject(Some("Sales"), 2, Some("B2"), "=1+1"), reject(Some("Sales"), 3, None, "x")];
    let mut workbook = RejectWorkbook::new(&rejects).unwrap();
    assert!(workbook.marks(Some("Sales")) && !workbook.marks(Some("Other")) && !workbook.marks(None));
    let rows = [
        vec![(0, Value::Text("Item")), (1, Value::Text("Qty"))],
        vec![
            (0, Value::Text("=cmd|'/c calc'!A1")),
            (1, Value::Text("=1+1")),
            (2, Value::Number(Decimal::new(-55, 1))),
        ],
        vec![(1, Value::Bool(true)), (2, Value::Date("2026-01-31".parse().unwrap()))],
    ];
    workbook
        .sheet(Some("Sales"), 7, |sheet| {
            for (number, row) in (1..).zip(rows) {
                let _ = sheet.row(number, row.into_iter())?;
            }
            Ok(())
        })
        .unwrap();
    let bytes = workbook.finish().unwrap();

    let sheet = part(&bytes, "xl/worksheets/sheet2.xml");
    assert_eq!(cell(&sheet, "C2"), r#"<c r="C2"><v>-5.5</v></c>"#, "a negative number stays one");
    assert!(cell(&sheet, "B2").contains(" s=\"") && !cell(&sheet, "A2").contains(" s=\""), "{sheet}");
    assert!(cell(&sheet, "B3").contains(" s=\""), "a row without a cell at fault is filled whole: {sheet}");
    let strings = part(&bytes, "xl/sharedStrings.xml");
    assert!(strings.contains("'=cmd|") && strings.contains(">'=1+1<"), "{strings}");
    assert!(!strings.contains(">=") && !sheet.contains("<f>"), "{strings}");
    let comments = part(&bytes, "xl/comments1.xml");
    for text in ["ref=\"B2\"", "ref=\"B3\"", "number_invalid: This is not a number.", "Write it with digits."]
    {
        assert!(comments.contains(text), "no {text} in {comments}");
    }
    let names = part(&bytes, "xl/workbook.xml");
    assert!(names.find("\"Rejects\"").unwrap() < names.find("\"Sales\"").unwrap());
}

#[test]
fn of_a_large_table_only_the_head_and_what_is_near_a_reject_is_shown_at_its_own_place() {
    let bytes = filled(100_000, 10, &[reject(Some("Sales"), 70_000, Some("C70000"), "n/a")]);
    let sheet = part(&bytes, "xl/worksheets/sheet2.xml");
    for row in [1, 15, 69_998, 70_000, 70_002] {
        cell(&sheet, &format!("C{row}"));
    }
    for row in [16, 69_997, 70_003, 100_000] {
        assert!(!sheet.contains(&format!("r=\"C{row}\"")), "row {row} is shown");
    }
    assert!(sheet.contains("zeroHeight=\"1\""), "the rows between are not hidden");
}

#[test]
fn a_table_that_is_too_large_is_cut_and_the_list_says_so() {
    let rejects: Vec<Reject> =
        (1..4_000).map(|n| reject(Some("Sales"), n * 10, Some(&format!("A{}", n * 10)), "n/a")).collect();
    let bytes = filled(50_000, 30, &rejects);
    assert!(bytes.len() < 4_000_000, "{} bytes", bytes.len());
    assert!(part(&bytes, "xl/sharedStrings.xml").contains("is too large to be shown further than row"));
}

#[test]
fn a_rejected_cell_that_is_blank_is_marked_and_so_is_a_row_that_is_not_there() {
    let rejects = [reject(Some("Sales"), 1, Some("D1"), ""), reject(Some("Sales"), 9, None, "")];
    let sheet = part(&filled(2, 2, &rejects), "xl/worksheets/sheet2.xml");
    assert!(cell(&sheet, "D1").contains(" s=\"") && cell(&sheet, "A9").contains(" s=\""), "{sheet}");
}

#[test]
fn in_a_text_file_plain_numbers_become_numbers_and_a_rejected_one_stays_as_it_was_sent() {
    let rejects = [reject(None, 1, Some("C1"), "1.5")];
    let mut workbook = RejectWorkbook::new(&rejects).unwrap();
    let cells = [
        (0, Value::Text("-12.50")),
        (1, Value::Text("1.234")),
        (2, Value::Text("1.5")),
        (3, Value::Text("-5,00")),
    ];
    workbook.sheet(None, 4, |sheet| sheet.row(1, cells.into_iter()).map(drop)).unwrap();
    let bytes = workbook.finish().unwrap();
    let sheet = part(&bytes, "xl/worksheets/sheet2.xml");
    assert_eq!(cell(&sheet, "A1"), r#"<c r="A1"><v>-12.5</v></c>"#);
    for address in ["B1", "C1", "D1"] {
        assert!(cell(&sheet, address).contains("t=\"s\""), "{address} is no text: {sheet}");
    }
    assert!(part(&bytes, "xl/sharedStrings.xml").contains(">-5,00<"));
}

#[test]
fn without_the_file_there_is_the_list_and_a_long_text_is_cut() {
    let mut long = reject(Some("Sales"), 2, Some("B2"), "=1");
    long.message = "x".repeat(40_000);
    let mut workbook = RejectWorkbook::new(std::slice::from_ref(&long)).unwrap();
    workbook.note("The file is gone.");
    let bytes = workbook.finish().unwrap();
    let strings = part(&bytes, "xl/sharedStrings.xml");
    assert!(strings.contains("The file is gone.") && strings.contains(">'=1<"));
}

#[test]
fn no_value_of_a_csv_starts_a_formula() {
    for text in ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1"] {
        let file = String::from_utf8(csv(&[reject(None, 1, None, text)]).unwrap()).unwrap();
        let mut reader = ::csv::Reader::from_reader(file.trim_start_matches('\u{feff}').as_bytes());
        let value = reader.records().next().unwrap().unwrap()[4].to_owned();
        assert_eq!(value, format!("'{text}"));
    }
    let file = String::from_utf8(csv(&[reject(None, 1, None, "-5.50")]).unwrap()).unwrap();
    assert!(file.contains(",-5.50,"), "a negative number stays one: {file}");
}

#[test]
fn a_csv_keeps_quotes_line_breaks_and_umlauts() {
    let file = csv(&[reject(Some("März"), 12, Some("F12"), "a \"b\",\nc")]).unwrap();
    assert_eq!(
        String::from_utf8(file).unwrap(),
        "\u{feff}sheet,row,column,cell,value,code,message,suggestion\n\
         März,12,Qty,F12,\"a \"\"b\"\",\nc\",number_invalid,This is not a number.,Write it with digits.\n"
    );
}
