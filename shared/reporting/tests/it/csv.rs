//! CSV read back.

use domain::table::{Block as Rows, Kind};
use reporting::{
    ReportWriter,
    document::{Column, Section, TableHead, Values},
};

use crate::{made, sample};

fn records(bytes: &[u8], delimiter: u8) -> Vec<Vec<String>> {
    let text = std::str::from_utf8(bytes).unwrap().strip_prefix('\u{feff}').unwrap();
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn blocks_stand_below_each_other_and_nothing_in_them_is_run() {
    let records = records(&made(&sample::document(), ReportWriter::csv).0, b',');
    let row = |name: &str| records.iter().find(|record| record[0] == name).cloned();
    assert_eq!(row("Revenue").unwrap()[..5], ["Revenue", "EUR", "1284310.55", "vs September", "12.4"]);
    assert_eq!(row("Liberty").unwrap()[1], "412300");
    for name in sample::HOSTILE.iter().filter(|name| !name.starts_with('=')) {
        assert!(row(name).is_some(), "{name}");
    }
    assert!(row("=1+1").is_none() && row("'=1+1").is_some());
    let vendor = records.iter().find(|record| record[0] == "Boxnox" && record.len() == 6).unwrap();
    assert_eq!(vendor[4], "not sold in September");
}

#[test]
fn one_table_that_was_pushed_is_all_there_is() {
    let mut head = sample::head();
    head.locale = "pl".parse().unwrap();
    let mut report = ReportWriter::csv(head).unwrap();
    report.section(&Section::new("Transactions", Some("All of them."))).unwrap();
    let columns = vec![
        Column::new("Product", Values::Text),
        Column::new("Revenue", Values::Money(domain::Currency::EUR)),
    ];
    report.begin_table(TableHead { title: Some("Rows".to_owned()), columns, notes: Vec::new() }).unwrap();
    for name in sample::HOSTILE {
        let mut rows = Rows::new(2);
        rows.push(Kind::Text, Some(name));
        rows.push(Kind::Money, Some("1234.5"));
        report.rows(&rows).unwrap();
    }
    let mut finished = report.finish().unwrap();
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut finished.file, &mut bytes).unwrap();
    assert_eq!(bytes.len() as u64, finished.size_bytes);
    let records = records(&bytes, b';');
    assert_eq!(records[0], ["Product", "Revenue (EUR)"]);
    assert_eq!(records.len(), 1 + sample::HOSTILE.len());
    assert!(records[1..].iter().all(|record| record[1] == "1234,50"));
}
