//! Files that mean harm or are broken: each ends in a refusal with a stable code, or is read for what it is.

use std::{fs, io::Write, path::PathBuf};

use rust_xlsxwriter::{Formula, Workbook};
use zip::{ZipWriter, write::SimpleFileOptions};

use crate::{
    limits::processor_seconds,
    system::{Outcome, read, read_with},
};

const HEADER: &str = "YEAR,MONTH,CHANNEL,POS,EAN,QTY,AMOUNT,DESCRIPTION,SKU";
const LINE: &str = "2026,4,Retail,Casa Nardo,9529843000349,2,\"161,98\",EDP MARBLE MARKET,AVMM100";
const SECONDS_MAX: f64 = 5.0;

fn file(name: &str, bytes: &[u8]) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("hostile");
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    fs::write(&path, bytes).unwrap();
    path
}

fn outcome(name: &str, bytes: &[u8]) -> Outcome {
    let path = file(name, bytes);
    let start = processor_seconds();
    let outcome = read(&path, name);
    let took = processor_seconds() - start;
    assert!(took < SECONDS_MAX, "{name}: {took} s");
    outcome
}

fn assert_refused(name: &str, bytes: &[u8], code: &str) {
    let outcome = outcome(name, bytes);
    let refusal = outcome.report.as_ref().expect_err(name);
    assert_eq!(refusal.code, code, "{name}: {}", refusal.message);
    assert!(refusal.message.len() > 20 && refusal.message.ends_with('.'), "{name}: {}", refusal.message);
}

/// A workbook made by hand, part by part, as no honest program writes it.
pub(crate) fn workbook(sheet: &[u8], strings: &str) -> Vec<u8> {
    const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = format!(
        r#"<Relationships><Relationship Id="r" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
    );
    let relations = format!(
        r#"<Relationships><Relationship Id="a" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="b" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#
    );
    let parts = [
        ("_rels/.rels", package.as_bytes()),
        (
            "xl/workbook.xml",
            br#"<workbook xmlns:r="x"><sheets><sheet name="S" sheetId="1" r:id="a"/></sheets></workbook>"#
                .as_slice(),
        ),
        ("xl/_rels/workbook.xml.rels", relations.as_bytes()),
        ("xl/sharedStrings.xml", strings.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet),
    ];
    let mut zip = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn sheet(rows: &str) -> Vec<u8> {
    format!("<worksheet><sheetData>{rows}</sheetData></worksheet>").into_bytes()
}

fn honest_xlsx() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, header) in (0..).zip(HEADER.split(',')) {
        sheet.write(0, column, header).unwrap();
    }
    book.save_to_buffer().unwrap()
}

#[test]
fn broken_and_foreign_files_are_refused_by_name() {
    let xlsx = honest_xlsx();
    let ole = [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".as_slice(), &[0; 4096]].concat();
    let encrypted: Vec<u8> =
        [ole.as_slice(), &"EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>()]
            .concat();
    assert_refused("empty.xlsx", b"", "file_empty");
    assert_refused("blank.csv", b" \n\n  \n", "file_empty");
    assert_refused("truncated.xlsx", &xlsx[..xlsx.len() / 2], "workbook_unreadable");
    assert_refused("encrypted.xlsx", &encrypted, "workbook_encrypted");
    assert_refused("old.xls", &ole, "old_excel_format");
    assert_refused("picture.xlsx", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not_a_table");
    assert_refused("report.csv", b"%PDF-1.7\n...", "not_a_table");
    assert_refused("page.xls", b"<html><table><tr><td>1</td></tr></table></html>", "not_a_table");
    assert_refused("header only.xlsx", &xlsx, "no_sales_rows");
    assert_refused("header only.csv", HEADER.as_bytes(), "no_sales_rows");
    assert_refused("nul.csv", format!("{HEADER}\n2026,\0\0\0,x\n").as_bytes(), "binary_content");
    assert_refused("prose.csv", b"Dear all,\nplease find our figures attached.\n", "no_table");
    assert_refused("targets.csv", b"Store,Month,Target units\nA,2026-01,100\nB,2026-01,50\n", "not_sales");
    assert_refused(
        "quote.csv",
        format!("{HEADER}\n{LINE}\n2026,4,\"Retail,X\n{LINE}\n").as_bytes(),
        "quote_unclosed",
    );
    let mut plain_zip = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    plain_zip.start_file("readme.txt", SimpleFileOptions::default()).unwrap();
    assert_refused("files.xlsx", &plain_zip.finish().unwrap().into_inner(), "not_a_workbook");
}

#[test]
fn sizes_that_a_file_claims_or_unfolds_are_not_believed() {
    let mut blanks = b"<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>".to_vec();
    blanks.resize(500 * 1024 * 1024, b' ');
    assert_refused("one long cell.xlsx", &workbook(&blanks, "<sst/>"), "workbook_too_large");
    let header = HEADER.split(',').map(|word| format!("<c t=\"inlineStr\"><is><t>{word}</t></is></c>"));
    let rows = "<row><c><v>1</v></c></row>".repeat(15_000_000);
    let many = sheet(&format!("<row>{}</row>{rows}", header.collect::<String>()));
    assert_refused("many rows.xlsx", &workbook(&many, "<sst/>"), "workbook_too_large");
    let strings = format!("<sst>{}</sst>", "<si/>".repeat(20_000_000));
    assert_refused("many strings.xlsx", &workbook(&sheet(""), &strings), "workbook_too_large");
    let line = [HEADER.as_bytes(), b"\n", "9".repeat(99 * 1024 * 1024).as_bytes()].concat();
    assert_refused("one line.csv", &line, "line_too_long");
    let mut claims = honest_xlsx();
    let end = claims.len() - 22;
    claims[end + 8..end + 12].copy_from_slice(&[0xf0; 4]);
    assert_refused("many entries.xlsx", &claims, "workbook_too_large");
}

#[test]
fn lying_counts_and_far_cells_cost_nothing() {
    let cell = r#"<row r="1"><c r="A1" t="s"><v>0</v></c></row>"#;
    let lying = r#"<sst count="4294967295" uniqueCount="4294967295"><si><t>YEAR</t></si></sst>"#;
    assert_refused("lying.xlsx", &workbook(&sheet(cell), lying), "no_table");
    assert_refused("no strings.xlsx", &workbook(&sheet(cell), "<sst/>"), "no_table");
    let far = sheet(r#"<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>"#);
    assert_refused("far.xlsx", &workbook(&far, "<sst/>"), "no_table");
    let beyond = sheet(r#"<row r="4294967295"><c r="A4294967295"><v>1</v></c></row>"#);
    assert_refused("beyond.xlsx", &workbook(&beyond, "<sst/>"), "workbook_too_large");
    assert_refused(
        "wide.xlsx",
        &workbook(&sheet(r#"<row r="1"><c r="ZZZZZZZ1"/></row>"#), "<sst/>"),
        "workbook_unreadable",
    );
}

#[test]
fn document_types_and_entities_are_refused() {
    let cell = r#"<row r="1"><c r="A1" t="s"><v>0</v></c></row>"#;
    for doctype in [
        r#"<!DOCTYPE sst [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>"#,
        r#"<!DOCTYPE sst SYSTEM "file:///etc/passwd">"#,
        "",
    ] {
        let strings = format!("{doctype}<sst><si><t>&b;</t></si></sst>");
        assert_refused("entities.xlsx", &workbook(&sheet(cell), &strings), "workbook_suspicious");
    }
    assert_refused("garbage.xlsx", &workbook(b"\0\xff\xfe<<<>>>", "<sst/>"), "workbook_unreadable");
}

#[test]
fn western_texts_in_any_encoding_are_read() {
    let text = format!("{HEADER}\r\n{}\r\n", LINE.replace("Nardo", "Librería"));
    let utf16 =
        |mark: &str| format!("{mark}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let big_endian = format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_be_bytes).collect();
    let windows: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let marked = format!("\u{feff}{text}").into_bytes();
    let semicolons = text.replace(',', ";").replace("161;98", "161,98").into_bytes();
    let tabs = text.replace(',', "\t").replace("\"161\t98\"", "161,98").into_bytes();
    for (name, bytes) in [
        ("utf16 marked", utf16("\u{feff}")),
        ("utf16 unmarked", utf16("")),
        ("utf16 big endian", big_endian),
        ("windows-1252", windows),
        ("utf-8 marked", marked),
        ("utf-8", text.clone().into_bytes()),
        ("semicolons", semicolons),
        ("tabs", tabs),
    ] {
        let outcome = outcome("sales.csv", &bytes);
        let rows: Vec<_> = outcome.main_rows().collect();
        assert_eq!(rows.len(), 1, "{name}: {:?}", outcome.report);
        assert_eq!(rows[0].store.as_deref(), Some("Casa Librería"), "{name}");
        assert_eq!(rows[0].amount_local.unwrap().to_string(), "161.98", "{name}");
        assert_eq!(rows[0].source.row, 2, "{name}");
    }
}

#[test]
fn the_code_page_of_a_text_is_known_by_its_letters() {
    use encoding_rs::{WINDOWS_1250, WINDOWS_1252};
    for (store, page) in [
        ("Casa Košice", WINDOWS_1250),
        ("Casa Plzeň 20 Kč", WINDOWS_1250),
        ("Casa Vyškov nad Děčínem", WINDOWS_1250),
        ("Casa Wisła", WINDOWS_1250),
        ("Casa Łódź Główna", WINDOWS_1250),
        ("Casa Łódź", WINDOWS_1250),
        ("Casa Cœur de sœur", WINDOWS_1252),
        ("Casa Œillet £ex VAT", WINDOWS_1252),
        ("Casa Père Noël", WINDOWS_1252),
        ("Casa Smørrebrød", WINDOWS_1252),
        ("Casa Lunedì più", WINDOWS_1252),
    ] {
        let text = format!("{HEADER}\r\n{}\r\n", LINE.replace("Casa Nardo", store));
        let (bytes, _, lossy) = page.encode(&text);
        assert!(!lossy, "{store}");
        let outcome = outcome("code page.csv", &bytes);
        let stores: Vec<_> = outcome.main_rows().map(|row| row.store.as_deref()).collect();
        assert_eq!(stores, [Some(store)]);
    }
}

#[test]
fn letters_of_several_bytes_may_stand_anywhere_in_a_long_file() {
    for shift in 0..3 {
        let line = LINE.replace("Casa Nardo", &"€".repeat(100));
        let text = format!("{HEADER}{}\n{}", " ".repeat(shift), format!("{line}\n").repeat(1000));
        assert_eq!(outcome("long.csv", text.as_bytes()).main_rows().count(), 1000);
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(outcome("long utf16.csv", &utf16).main_rows().count(), 1000);
    }
}

#[test]
fn a_file_name_is_only_text() {
    let bytes = format!("{HEADER}\n{LINE}\n");
    let path = file("plain.csv", bytes.as_bytes());
    for name in [
        "../../etc/passwd",
        "a\0b\r\n.csv",
        &"x".repeat(300),
        "",
        "<script>alert(1)</script>",
        "日本語'; DROP TABLE--",
    ] {
        assert_eq!(read(&path, name).main_rows().count(), 1, "{name:?}");
    }
}

#[test]
fn a_bad_cell_rejects_its_row_and_says_where() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, header) in (0..).zip(HEADER.split(',')) {
        sheet.write(0, column, header).unwrap();
    }
    for row in 1..=4 {
        sheet.write(row, 0, 2026).unwrap();
        sheet.write(row, 1, if row == 2 { 13 } else { 4 }).unwrap();
        sheet.write(row, 3, "Casa Nardo").unwrap();
        sheet.write(row, 4, "9529843000349").unwrap();
        sheet.write(row, 5, 1).unwrap();
        sheet.write(row, 6, 80.99).unwrap();
    }
    sheet.write_formula(3, 6, Formula::new("=Z1").set_result("#REF!")).unwrap();
    let outcome = outcome("bad cells.xlsx", &book.save_to_buffer().unwrap());
    let report = outcome.report();
    assert_eq!((report.rows.read, report.rows.accepted, report.rows.rejected), (4, 2, 2));
    let rejects: Vec<_> = report
        .rejects
        .iter()
        .map(|r| (r.code.as_str(), r.cell.as_deref(), r.column.as_deref(), r.value.as_deref()))
        .collect();
    assert_eq!(
        rejects,
        [
            ("period_invalid", Some("B3"), Some("MONTH"), Some("13")),
            ("formula_error", Some("G4"), Some("AMOUNT"), Some("#REF!")),
        ]
    );
}

/// A row of the sheet as XML; `amount` is the inside of the amount's cell.
fn sheet_row(number: u32, texts: [&str; 5], amount: &str) -> String {
    let cells: String =
        texts.iter().map(|text| format!(r#"<c t="inlineStr"><is><t>{text}</t></is></c>"#)).collect();
    format!(r#"<row r="{number}">{cells}<c>{amount}</c></row>"#)
}

#[test]
fn what_a_workbook_does_not_say_is_no_figure() {
    let header = sheet_row(1, ["YEAR", "MONTH", "POS", "EAN", "QTY"], "")
        .replace("<c></c>", r#"<c t="inlineStr"><is><t>AMOUNT</t></is></c>"#);
    let row = |number, amount| sheet_row(number, ["2026", "4", "Casa Nardo", "9529843000349", "1"], amount);
    let good: String = (2..=20).map(|number| row(number, "<v>80.99</v>")).collect();
    for (amount, code) in [("<f>G1*2</f>", "formula_error"), ("<v>1_000</v>", "number_invalid")] {
        let rows = format!("{header}{good}{}", row(21, amount));
        let outcome = outcome("Boxnox bad figure.xlsx", &workbook(&sheet(&rows), "<sst/>"));
        let rejects: Vec<_> = outcome.report().rejects.iter().map(|reject| reject.code.as_str()).collect();
        assert_eq!((outcome.main_rows().count(), &rejects[..]), (19, &[code][..]), "{amount}");
    }
    let rows = format!("{}{header}{good}", row(0, "<v>80.99</v>"));
    assert_refused("Boxnox row nought.xlsx", &workbook(&sheet(&rows), "<sst/>"), "workbook_unreadable");
}

#[test]
fn a_file_with_more_bad_rows_than_good_ones_waits_for_a_person() {
    let bad = LINE.replace("\"161,98\"", "n.a.");
    let path = file("mostly bad.csv", format!("{HEADER}\n{LINE}\n{bad}\n{bad}\n").as_bytes());
    let outcome = read(&path, "x.csv");
    assert_eq!(outcome.report().questions[0].code, "too_many_rejects");
    assert!(!read_with(&path, "x.csv", &[("rejects", "accept")]).report().holds());
    let path = file("all bad.csv", format!("{HEADER}\n{bad}\n{bad}\n").as_bytes());
    assert_eq!(read(&path, "x.csv").refusal(), "no_sales_rows");
}

#[test]
fn a_value_with_two_readings_is_a_question_and_its_answer_settles_it() {
    let header = "Order ID;Order Date;Product EAN;Quantity;Sales EUR";
    let path = file("orders.csv", format!("{header}\n1;03/04/2026;9529843000349;1;1.234\n").as_bytes());
    let codes =
        |outcome: &Outcome| outcome.report().questions.iter().map(|q| q.code.clone()).collect::<Vec<_>>();
    assert_eq!(codes(&read(&path, "orders.csv")), ["number_ambiguous", "date_ambiguous"]);
    let settled = read_with(&path, "orders.csv", &[("decimal", ","), ("date_order", "month_first")]);
    assert!(!settled.report().holds());
    let row = settled.main_rows().next().unwrap();
    assert_eq!(
        (row.sale_date.unwrap().to_string(), row.amount_local.unwrap().to_string()),
        ("2026-03-04".into(), "1234".into())
    );
}

#[test]
fn an_unknown_sales_table_is_a_question_not_a_refusal() {
    for header in ["Article,Pieces sold,Revenue", "StockCode,OrderQty,NetSalesValue", "Artikel,Stück,Betrag"]
    {
        let outcome = outcome("shop.csv", format!("{header}\nA,1,10.00\nB,2,20.00\n").as_bytes());
        let report = outcome.report();
        assert_eq!((report.vendor.as_deref(), report.questions[0].code.as_str()), (None, "vendor_unknown"));
        assert_eq!(outcome.rows.len(), 0);
    }
}
