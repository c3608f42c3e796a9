//! Workbooks read back by another reader, and calculated again.

use std::io::Cursor;

use calamine::{Data, Range, Reader as _, Xlsx};
use domain::table::{Block as Rows, Kind};
use reporting::{
    ReportWriter,
    document::{Column, Document, Section, TableHead, Total, Values},
};

use crate::{made, sample};

fn opened(document: &Document) -> Xlsx<Cursor<Vec<u8>>> {
    Xlsx::new(Cursor::new(made(document, ReportWriter::xlsx).0)).unwrap()
}

/// Calculates `=SUM(C6:C11)` from the cells, and compares it with what the file says it is. How many sums there are.
fn recalculate(book: &mut Xlsx<Cursor<Vec<u8>>>, sheet: &str) -> usize {
    let formulas = book.worksheet_formula(sheet).unwrap();
    let values: Range<Data> = book.worksheet_range(sheet).unwrap();
    let mut sums = 0;
    let start = formulas.start().unwrap_or((0, 0));
    for (row, column, formula) in formulas.used_cells() {
        let (row, column) = (row as u32 + start.0, column as u32 + start.1);
        let range = formula.trim_start_matches('=').strip_prefix("SUM(").unwrap().strip_suffix(')').unwrap();
        let (first, last) = range.split_once(':').unwrap();
        let number =
            |cell: &str| cell.trim_start_matches(|c: char| c.is_ascii_alphabetic()).parse::<u32>().unwrap();
        let letter = first.trim_end_matches(|c: char| c.is_ascii_digit());
        assert_eq!(u32::from(letter.as_bytes()[0] - b'A'), column);
        let cells = (number(first)..=number(last)).filter_map(|row| values.get_value((row - 1, column)));
        let sum: f64 =
            cells.filter_map(|cell| if let Data::Float(value) = cell { Some(value) } else { None }).sum();
        let Some(Data::Float(cached)) = values.get_value((row, column)) else { panic!("{sheet}: {formula}") };
        assert!((sum - cached).abs() < 1e-6, "{sheet}: {formula} is {sum}, not {cached}");
        sums += 1;
    }
    sums
}

#[test]
fn cells_are_typed_and_sums_are_formulas_that_tie() {
    let mut book = opened(&sample::document());
    assert_eq!(book.sheet_names(), ["Report", "Executive summary", "Vendors", "Products"]);
    assert_eq!(recalculate(&mut book, "Vendors"), 2);
    assert_eq!(recalculate(&mut book, "Products"), 2);
    let vendors = book.worksheet_range("Vendors").unwrap();
    let row = vendors.rows().find(|row| row[0] == Data::String("Galilu".to_owned())).unwrap();
    assert_eq!(row[1], Data::Float(351_300.13));
    assert_eq!(row[4], Data::Float(-0.0325));
    assert!(matches!(row[5], Data::DateTime(_)), "{:?}", row[5]);
    let row = vendors.rows().find(|row| row[0] == Data::String("Boxnox".to_owned())).unwrap();
    assert_eq!(row[4], Data::String("not sold in September".to_owned()));
}

#[test]
fn no_name_is_a_formula() {
    let mut book = opened(&sample::document());
    let products = book.worksheet_range("Products").unwrap();
    let names: Vec<_> = products.rows().map(|row| row[0].to_string()).collect();
    for name in sample::HOSTILE {
        let shown = if name.starts_with('=') { format!("'{name}") } else { name.to_owned() };
        // Workbooks have one kind of line end.
        assert!(names.iter().any(|name| name.replace("_x000D_", "\r") == shown), "{name}");
    }
}

#[test]
fn a_long_table_is_written_row_by_row_and_ties() {
    let columns = vec![
        Column::new("Product", Values::Text).with_total(Total::Words("Total".to_owned())),
        Column::new("Revenue", Values::Money(domain::Currency::EUR)).with_total(Total::Sum),
        Column::new("Units", Values::Integer).with_total(Total::Sum),
    ];
    let mut report = ReportWriter::xlsx(sample::head()).unwrap();
    report.section(&Section::new("Transactions", None)).unwrap();
    report.begin_table(TableHead { title: None, columns, notes: vec!["A note.".to_owned()] }).unwrap();
    for part in 0..20 {
        let mut rows = Rows::new(3);
        for row in 0..500 {
            rows.push(Kind::Text, Some("Eau de Parfum"));
            rows.push(Kind::Money, Some(&format!("{}.{:02}", row * 3, part)));
            rows.push(Kind::Integer, Some(if row == 7 { "1.5" } else { "2" }));
        }
        report.rows(&rows).unwrap();
    }
    let mut finished = report.finish().unwrap();
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut finished.file, &mut bytes).unwrap();
    let mut book = Xlsx::new(Cursor::new(bytes)).unwrap();
    assert_eq!(recalculate(&mut book, "Transactions"), 2);
    let rows = book.worksheet_range("Transactions").unwrap();
    assert!(rows.rows().any(|row| row[0] == Data::String("A note.".to_owned())));
    assert_eq!(rows.rows().filter(|row| row[0] == Data::String("Eau de Parfum".to_owned())).count(), 10_000);
}
