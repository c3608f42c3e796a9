use std::io::Read as _;

use domain::table::Kind;
use zip::ZipArchive;

use super::*;

const KINDS: [(&str, Kind); 7] = [
    ("text", Kind::Text),
    ("money", Kind::Money),
    ("number", Kind::Number),
    ("integer", Kind::Integer),
    ("date", Kind::Date),
    ("time", Kind::Time),
    ("flag", Kind::Flag),
];

/// What spreadsheet programs would run, and what only looks like it.
const HOSTILE: [&str; 8] = ["=cmd|'/c calc'!A1", "+1+1", "-1-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "  =1"];

fn columns() -> Vec<Column> {
    KINDS.iter().map(|(name, kind)| Column::new(name, *kind)).collect()
}

fn block<'a>(rows: impl IntoIterator<Item = [Option<&'a str>; 7]>) -> Block {
    let mut block = Block::new(7);
    for row in rows {
        for ((_, kind), cell) in KINDS.iter().zip(row) {
            block.push(*kind, cell);
        }
    }
    block
}

fn row(text: &str) -> [Option<&str>; 7] {
    let rest = ["-12.5", "3.0", "-7", "2026-01-31", "2026-01-31T12:00:00Z", "true"].map(Some);
    [&[Some(text)][..], &rest].concat().try_into().unwrap()
}

fn written(mut writer: TableWriter, block: &Block) -> Vec<u8> {
    writer.write(block).unwrap();
    let mut bytes = writer.ready().map(std::mem::take).unwrap_or_default();
    writer.finish().unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

/// Reads CSV as a program does that knows nothing of us.
fn read_csv(bytes: &[u8], delimiter: u8) -> Vec<Vec<String>> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap();
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(bytes);
    let records = reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect());
    records.collect()
}

fn part(bytes: &[u8], name: &str) -> String {
    let mut text = String::new();
    ZipArchive::new(Cursor::new(bytes)).unwrap().by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn csv_is_read_back_as_it_was_and_no_cell_of_it_runs() {
    let plain = ["München", "a,b;c", "say \"hi\"\nand go", "", "-5", "a=b"];
    let rows = plain.into_iter().chain(HOSTILE).map(row);
    let records = read_csv(&written(TableWriter::csv(&columns(), NumberStyle::Point), &block(rows)), b',');
    for (record, text) in records.iter().zip(plain) {
        assert_eq!(record[0], text);
        assert_eq!(record[1..], ["-12.50", "3", "-7", "2026-01-31", "2026-01-31T12:00:00Z", "true"]);
    }
    for (record, text) in records.iter().skip(plain.len()).zip(HOSTILE) {
        assert_eq!(record[0], format!("'{text}"));
    }
}

#[test]
fn a_country_that_writes_a_comma_gets_numbers_its_programs_read() {
    let table = TableWriter::csv(&columns(), NumberStyle::German);
    let records = read_csv(&written(table, &block([row("1.5 l")])), b';');
    assert_eq!(records[0][..4], ["1.5 l", "-12,50", "3", "-7"]);
}

#[test]
fn a_missing_value_is_no_text_and_an_empty_list_has_its_header() {
    let csv = |block: &Block| {
        String::from_utf8(written(TableWriter::csv(&columns(), NumberStyle::Point), block)).unwrap()
    };
    let header = "\u{feff}text,money,number,integer,date,time,flag\n";
    assert_eq!(csv(&block([])), header);
    assert_eq!(csv(&block([[None; 7], row("")])).lines().nth(1), Some(",,,,,,"));
    assert!(csv(&block([row("")])).lines().nth(1).unwrap().starts_with("\"\","));
}

#[test]
fn json_lines_have_decimals_as_texts_and_every_column_in_every_line() {
    let bytes = written(TableWriter::jsonl(&columns()), &block([row("=1\u{1}\t\"\\"), [None; 7]]));
    let lines: Vec<&str> = std::str::from_utf8(&bytes).unwrap().lines().collect();
    assert_eq!(
        lines[0],
        r#"{"text":"=1\u0001\u0009\"\\","money":"-12.50","number":"3","integer":-7,"date":"2026-01-31","time":"2026-01-31T12:00:00Z","flag":true}"#
    );
    assert_eq!(
        lines[1],
        r#"{"text":null,"money":null,"number":null,"integer":null,"date":null,"time":null,"flag":null}"#
    );
    assert!(written(TableWriter::jsonl(&columns()), &block([])).is_empty());
}

#[test]
fn a_workbook_has_typed_cells_and_no_formula() {
    let rows = HOSTILE.into_iter().map(row).chain([[None; 7]]);
    let bytes = written(TableWriter::xlsx(&columns()).unwrap(), &block(rows));
    let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
    assert!(!sheet.contains("<f>"), "{sheet}");
    for text in [
        "<t>'=cmd|",
        "<v>-12.5</v>",
        "<v>3</v>",
        "<v>-7</v>",
        "<v>46053</v>",
        "<v>46053.5</v>",
        "t=\"b\"><v>1</v>",
    ] {
        assert!(sheet.contains(text), "no {text} in {sheet}");
    }
    assert_eq!(
        sheet.matches("<t xml:space=\"preserve\">'").count() + sheet.matches("<t>'").count(),
        HOSTILE.len()
    );
}

#[test]
fn rows_beyond_the_last_one_of_a_sheet_go_on_the_next_one() {
    let mut table = Workbook::with_sheets_of(4, &columns()).unwrap();
    table.write(&block((0..7).map(|_| row("a")))).unwrap();
    let mut bytes = Vec::new();
    table.finish().unwrap().read_to_end(&mut bytes).unwrap();
    let rows =
        |sheet: usize| part(&bytes, &format!("xl/worksheets/sheet{sheet}.xml")).matches("<row ").count();
    assert_eq!([rows(1), rows(2), rows(3)], [4, 4, 2], "each with its header");
    assert!(part(&bytes, "xl/workbook.xml").contains("\"Data 3\""));
}
