//! Writes reports: `report sample FILE` and `report empty FILE` for those who want to look at one, the others for `make bench`.

use std::{error::Error, fs::File, io};

use domain::{Currency, table::Block as Rows};
use reporting::{
    Finished, ReportWriter,
    document::{Block, Chart, ChartKind, Column, Head, Section, Series, TableHead, Total, Unit, Values},
};
use rust_decimal::Decimal;

#[path = "../tests/it/sample.rs"]
mod sample;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    let finished = match arguments.as_slice() {
        ["sample", path] | ["empty", path] => {
            let document = if arguments[0] == "empty" { sample::empty() } else { sample::document() };
            let mut report = writer(path, document.head.clone())?;
            report.sections(&document)?;
            (report.finish()?, path)
        }
        ["pages", count, path] => (pages(count.parse()?, path)?, path),
        ["rows", count, path] => (rows(count.parse()?, path)?, path),
        _ => return Err("usage: report sample FILE | empty FILE | pages COUNT FILE | rows COUNT FILE".into()),
    };
    let (Finished { mut file, .. }, path) = finished;
    io::copy(&mut file, &mut File::create(path)?)?;
    Ok(())
}

fn writer(path: &str, head: Head) -> Result<ReportWriter, Box<dyn Error>> {
    Ok(match path.rsplit('.').next() {
        Some("pdf") => ReportWriter::pdf(head)?,
        Some("xlsx") => ReportWriter::xlsx(head)?,
        Some("csv") => ReportWriter::csv(head)?,
        _ => return Err("a report is .pdf, .xlsx or .csv".into()),
    })
}

/// A cover, a chart, and a table of 40 rows and 8 columns a page.
fn pages(count: usize, path: &str) -> Result<Finished, Box<dyn Error>> {
    let mut report =
        writer(path, Head::new("Benchmark", "October 2026", "Maison Exemple", sample::made_at()))?;
    let values = |seed: i64| (0..12).map(|month: i64| Some(Decimal::from(100 + month * seed % 70))).collect();
    for kind in [ChartKind::Line, ChartKind::Bar, ChartKind::StackedBar] {
        report.block(&Block::Chart(Chart {
            title: "Revenue by month".to_owned(),
            kind,
            categories: (1..=12).map(|month| format!("{month:02}/2026")).collect(),
            series: vec![Series::new("Retail", values(17)), Series::new("Online", values(29))],
            unit: Unit::Money(Currency::EUR),
            note: None,
        }))?;
    }
    for page in 0..count {
        report.section(&Section::new(format!("Section {}", page + 1), None))?;
        let mut rows = Rows::new(8);
        let columns = columns(8);
        for row in 0..40 {
            push(&mut rows, &columns, page * 40 + row);
        }
        report.begin_table(TableHead { title: None, columns, notes: Vec::new() })?;
        report.rows(&rows)?;
        report.end_table()?;
    }
    Ok(report.finish()?)
}

/// One table of seventeen columns.
fn rows(count: usize, path: &str) -> Result<Finished, Box<dyn Error>> {
    let mut report =
        writer(path, Head::new("Benchmark", "October 2026", "Maison Exemple", sample::made_at()))?;
    report.section(&Section::new("Transactions", None))?;
    let columns = columns(17);
    report.begin_table(TableHead { title: None, columns: columns.clone(), notes: Vec::new() })?;
    let mut rows = Rows::new(17);
    for row in 0..count {
        push(&mut rows, &columns, row);
        if rows.rows() == 1_000 {
            report.rows(&rows)?;
            rows.clear();
        }
    }
    report.rows(&rows)?;
    report.end_table()?;
    Ok(report.finish()?)
}

fn columns(count: usize) -> Vec<Column> {
    let kinds = [
        ("Product", Values::Text),
        ("Store", Values::Text),
        ("Date", Values::Date),
        ("Units", Values::Integer),
        ("Price", Values::Money(Currency::EUR)),
        ("Revenue", Values::Money(Currency::EUR)),
        ("Returns", Values::Money(Currency::EUR)),
        ("Share", Values::Percent),
    ];
    let total =
        |values| if matches!(values, Values::Money(_) | Values::Integer) { Total::Sum } else { Total::None };
    kinds
        .into_iter()
        .cycle()
        .take(count)
        .map(|(title, values)| Column::new(title, values).with_total(total(values)))
        .collect()
}

fn push(rows: &mut Rows, columns: &[Column], number: usize) {
    for column in columns {
        let text = match column.values {
            Values::Text if column.title == "Store" => format!("Store {}", number % 37),
            Values::Text => format!("Eau de Parfum {}", number % 4_001),
            Values::Date => format!("2026-10-{:02}", number % 31 + 1),
            Values::Integer => format!("{}", number * 7 % 50),
            Values::Money(_) => format!("{}.{:02}", number * 31 % 9_973, number % 100),
            Values::Decimal(_) | Values::Percent => format!("{}.{}", number % 90, number % 10),
        };
        rows.push(column.values.kind(), Some(&text));
    }
}
