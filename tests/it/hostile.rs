//! Files that mean harm, or are simply broken: each ends in a final state with a code and a sentence, quickly, in
//! little memory, and nothing of it is booked. Read by the real binary, because some of them abort a process.

use std::{
    io::{Cursor, Write},
    time::Duration,
};

use serde_json::Value;
use sqlx::Row;
use zip::{ZipWriter, write::SimpleFileOptions};

use crate::{
    fleet::Fleet,
    setting::{Setting, s3_event},
};

/// From the message to the final state, for one file.
const TIME_MAX: Duration = Duration::from_secs(5);
const MEMORY_MAX: u64 = 150 * 1024 * 1024;

const CONTENT_TYPES: &str = r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>"#;
const RELS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const WORKBOOK: &str = r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="SELL OUT BY EAN" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const WORKBOOK_RELS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#;
const SHEET_BEGIN: &str =
    r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>"#;
const HEADER: &str = "YEAR,MONTH,CHANNEL,POS,EAN,QTY,AMOUNT,DESCRIPTION,SKU\n";

/// A workbook made by hand, part by part, as no honest program writes it.
fn workbook(sheet: &[u8], shared_strings: &str) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let parts: [(&str, &[u8]); 6] = [
        ("[Content_Types].xml", CONTENT_TYPES.as_bytes()),
        ("_rels/.rels", RELS.as_bytes()),
        ("xl/workbook.xml", WORKBOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", WORKBOOK_RELS.as_bytes()),
        ("xl/sharedStrings.xml", shared_strings.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet),
    ];
    for (name, bytes) in parts {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A sheet whose cells point to shared strings, with whatever list of strings is given.
fn strings(list: &str) -> Vec<u8> {
    let cells: String = (0..9)
        .map(|index| format!(r#"<c r="{}1" t="s"><v>{index}</v></c>"#, char::from(b'A' + index)))
        .collect();
    workbook(format!("{SHEET_BEGIN}<row r=\"1\">{cells}</row></sheetData></worksheet>").as_bytes(), list)
}

fn sst(attributes: &str, items: &str) -> String {
    format!(
        r#"<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" {attributes}>{items}</sst>"#
    )
}

/// 500 MB of blanks inside one cell, about 500 kB as a ZIP.
fn bomb() -> Vec<u8> {
    let mut sheet = format!("{SHEET_BEGIN}<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>").into_bytes();
    sheet.resize(500 * 1024 * 1024, b' ');
    workbook(&sheet, &sst("", ""))
}

fn encrypted() -> Vec<u8> {
    // The OLE container that Excel puts around an encrypted workbook.
    let mut bytes = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    bytes.resize(4096, 0);
    bytes.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    bytes.resize(8192, 0);
    bytes
}

fn hostile_files() -> Vec<(&'static str, Vec<u8>)> {
    let honest = strings(&sst("", "<si><t>YEAR</t></si>"));
    let one_line = format!("{HEADER}{}", "9".repeat(100 * 1024 * 1024 - HEADER.len()));
    let entities = r#"<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d SYSTEM "file:///etc/passwd">]>"#;
    vec![
        ("empty.xlsx", Vec::new()),
        ("empty.csv", Vec::new()),
        ("Boxnox header only.csv", HEADER.as_bytes().to_vec()),
        ("truncated.xlsx", honest[..honest.len() / 2].to_vec()),
        ("encrypted.xlsx", encrypted()),
        ("picture.xlsx", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89".to_vec()),
        ("bomb.xlsx", bomb()),
        ("lying count.xlsx", strings(&sst(r#"count="4294967295" uniqueCount="4294967295""#, "<si><t>YEAR</t></si>"))),
        ("missing strings.xlsx", strings(&sst("", ""))),
        ("entities.xlsx", strings(&(entities.to_owned() + &sst("", "<si><t>&c;&d;</t></si>")))),
        ("far cell.xlsx", workbook(format!("{SHEET_BEGIN}<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row></sheetData></worksheet>").as_bytes(), &sst("", ""))),
        ("not xml.xlsx", workbook(b"\0\xff\xfe<<<>>>", "<sst")),
        ("nul.csv", [HEADER.as_bytes(), b"2026,4\0,Retail\0,\0\0,\0,\0,\0,\0,\0\n"].concat()),
        ("one line.csv", one_line.into_bytes()),
        ("utf16.csv", "\u{feff}what,is,this\n1,2,3\n".encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("noise.bin", (0..50_000u32).map(|n| u8::try_from(n.wrapping_mul(2_654_435_761) >> 24).unwrap()).collect()),
        ("..%2F..%2Fetc\u{7}passwd\r\n.csv", b"a,b\n1,2\n".to_vec()),
        ("<script>alert(1)<script>.csv", b"a,b\n3,4\n".to_vec()),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_files_end_with_a_sentence_and_book_nothing() {
    let setting = Setting::new("hostile").await;
    let mut report = Vec::new();
    for (name, bytes) in hostile_files() {
        let key = format!("drops/{}/{name}", setting.slug);
        let size = bytes.len();
        setting.stack.put_object(&setting.bucket, &key, bytes).await.unwrap();
        let fleet = Fleet::new(1, [s3_event(&setting.bucket, &key, size, 1)]);
        let outcome = fleet.run("file-ingest", &setting.environment, 1, || None).await;
        let case = format!("{name:?}: {:?}, {} MiB", outcome.slowest, outcome.peak_bytes >> 20);
        assert!(
            outcome.dead.is_empty() && outcome.slowest < TIME_MAX && outcome.peak_bytes < MEMORY_MAX,
            "{case}"
        );
        report.push(case);
    }
    let admin = setting.database.admin();
    let uploads = sqlx::query("SELECT file_name, status, error, questions FROM uploads")
        .fetch_all(admin)
        .await
        .unwrap();
    assert_eq!(uploads.len(), hostile_files().len(), "{report:#?}");
    for upload in uploads {
        let (name, status): (String, String) = (upload.get("file_name"), upload.get("status"));
        let reason: Value = match status.as_str() {
            "rejected" => upload.get("error"),
            "needs_review" => upload.get::<Value, _>("questions")[0].clone(),
            other => panic!("{name:?} ended {other}"),
        };
        let text = |field: &str| reason[field].as_str().unwrap_or_default().to_owned();
        assert!(!text("code").is_empty() && text("message").len() > 20, "{name:?}: {reason}");
        assert!(!name.chars().any(char::is_control), "{name:?}");
    }
    let rows: i64 = sqlx::query(
        "SELECT (SELECT count(*) FROM sellout_entries) + (SELECT count(*) FROM ecommerce_orders) AS rows",
    )
    .fetch_one(admin)
    .await
    .unwrap()
    .get("rows");
    assert_eq!(rows, 0);
    eprintln!("{report:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn objects_nobody_announced_and_objects_that_are_gone_stop_nobody() {
    let setting = Setting::new("nobody").await;
    let gone = s3_event(&setting.bucket, &format!("drops/{}/gone.csv", setting.slug), 10, 1);
    let stranger = s3_event(&setting.bucket, "drops/no-such-organisation/x.csv", 10, 2);
    let unannounced = s3_event(
        &setting.bucket,
        "uploads/0198f5a0-0000-7000-8000-000000000000/0198f5a0-0000-7000-8000-000000000001",
        10,
        3,
    );
    let elsewhere = s3_event(&setting.bucket, "something/else.txt", 10, 4);
    let test = r#"{"Service":"Amazon S3","Event":"s3:TestEvent","Time":"2026-05-01T08:00:00.000Z","Bucket":"inbox","RequestId":"1","HostId":"2"}"#;
    let fleet = Fleet::new(5, [gone, stranger, unannounced, elsewhere, test.to_owned()]);
    let outcome = fleet.run("file-ingest", &setting.environment, 1, || None).await;
    assert!(outcome.dead.is_empty(), "{:?}", outcome.dead);

    let uploads =
        sqlx::query("SELECT status, error FROM uploads").fetch_all(setting.database.admin()).await.unwrap();
    let ended: Vec<(String, String)> = uploads
        .iter()
        .map(|row| (row.get("status"), row.get::<Value, _>("error")["code"].as_str().unwrap().to_owned()))
        .collect();
    assert_eq!(ended, [("rejected".to_owned(), "object_missing".to_owned())]);
}
