//! Files that cost: each is read by a process of its own, which may use five seconds of a processor and 150 MiB.
//!
//! Measured is what the process itself used, so that other work on the machine changes nothing.

use std::{
    fs,
    io::{BufWriter, Write},
    path::{Path, PathBuf},
    process::Command,
};

use domain::Reference;
use ingest::{Input, Profiles, parse};
use zip::{ZipWriter, write::SimpleFileOptions};

const SECONDS_MAX: f64 = 5.0;
const KIB_MAX: u64 = 150 * 1024;
/// Names the file to the process that reads it.
const FILE: &str = "SHELFLINE_TEST_FILE";
const HEADER: &str = "Date,Store,EAN,Product,Units,Amount EUR\n";

/// What this thread has used of the processor: unlike a clock, it does not run while others work.
#[cfg(target_os = "linux")]
pub(crate) fn processor_seconds() -> f64 {
    let stat = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    stat.split_whitespace().next().and_then(|nanos| nanos.parse::<f64>().ok()).unwrap_or_default() / 1e9
}

/// Elsewhere nobody is measured.
#[cfg(not(target_os = "linux"))]
pub(crate) fn processor_seconds() -> f64 {
    0.0
}

/// The most memory that this process ever had.
fn peak_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    peak.and_then(|peak| peak.trim().strip_suffix(" kB")?.trim().parse().ok()).unwrap_or_default()
}

/// A text of many equal blocks.
fn text(name: &str, head: &str, block: &[u8], count: usize) -> PathBuf {
    let path = folder().join(name);
    let mut file = BufWriter::new(fs::File::create(&path).unwrap());
    file.write_all(head.as_bytes()).unwrap();
    for _ in 0..count {
        file.write_all(block).unwrap();
    }
    file.flush().unwrap();
    path
}

fn folder() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("limits");
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// A workbook whose parts are many equal blocks: head, block, count, tail of the sheet and of the strings.
fn workbook(
    name: &str,
    sheet: [&str; 3],
    sheet_blocks: usize,
    strings: [&str; 3],
    string_blocks: usize,
) -> PathBuf {
    const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let path = folder().join(name);
    let mut zip = ZipWriter::new(BufWriter::new(fs::File::create(&path).unwrap()));
    let options = SimpleFileOptions::default();
    let package = format!(
        r#"<Relationships><Relationship Id="r" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
    );
    let relations = format!(
        r#"<Relationships><Relationship Id="a" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="b" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#
    );
    let book = r#"<workbook xmlns:r="x"><sheets><sheet name="S" sheetId="1" r:id="a"/></sheets></workbook>"#;
    for (part, [head, block, tail], count) in [
        ("_rels/.rels", [package.as_str(), "", ""], 0),
        ("xl/workbook.xml", [book, "", ""], 0),
        ("xl/_rels/workbook.xml.rels", [relations.as_str(), "", ""], 0),
        ("xl/sharedStrings.xml", strings, string_blocks),
        ("xl/worksheets/sheet1.xml", sheet, sheet_blocks),
    ] {
        zip.start_file(part, options).unwrap();
        zip.write_all(head.as_bytes()).unwrap();
        for _ in 0..count {
            zip.write_all(block.as_bytes()).unwrap();
        }
        zip.write_all(tail.as_bytes()).unwrap();
    }
    zip.finish().unwrap().flush().unwrap();
    path
}

const NO_STRINGS: [&str; 3] = ["<sst/>", "", ""];
const END: &str = "</sheetData></worksheet>";

fn costly_workbooks() -> Vec<PathBuf> {
    let start = "<worksheet><sheetData>";
    let header: String = HEADER
        .trim()
        .split(',')
        .map(|word| format!("<c t=\"inlineStr\"><is><t>{word}</t></is></c>"))
        .collect();
    let table = format!("{start}<row>{header}</row>");
    let cell = format!("{start}<row><c t=\"inlineStr\"><is><t>");
    let blanks = " ".repeat(1 << 20);
    let rows = "<row><c><v>1</v></c></row>".repeat(40_000);
    let empty = "<row/>".repeat(160_000);
    let strings = "<si><t>aaaaaaaaaa</t></si>".repeat(40_000);
    let merges = "<mergeCell ref=\"A1:XFD1048576\"/>".repeat(30_000);
    let deep = "<a>".repeat(300_000);
    let attributes = " a=\"1\"".repeat(100_000);
    let attributes = format!("{start}<row{attributes}>");
    let wide = format!("<row>{}</row>", "<c><v>1</v></c>".repeat(16_384));
    let runs = "<r><t>x</t></r>".repeat(60_000);
    let after = format!("{table}{END}");
    let before = "<worksheet><cols>";
    vec![
        workbook(
            "blanks in a cell.xlsx",
            [&cell, &blanks, "</t></is></c></row></sheetData></worksheet>"],
            600,
            NO_STRINGS,
            0,
        ),
        workbook("many rows.xlsx", [&table, &rows, END], 300, NO_STRINGS, 0),
        workbook("empty rows.xlsx", [start, &empty, END], 100, NO_STRINGS, 0),
        workbook("many strings.xlsx", [&table, "", END], 0, ["<sst>", &strings, "</sst>"], 500),
        workbook(
            "merged cells.xlsx",
            [&after.replace("</worksheet>", "<mergeCells>"), &merges, "</mergeCells></worksheet>"],
            60,
            NO_STRINGS,
            0,
        ),
        workbook("deep.xlsx", [start, &deep, END], 20, NO_STRINGS, 0),
        workbook("attributes.xlsx", [&attributes, "", END], 0, NO_STRINGS, 0),
        workbook("wide rows.xlsx", [start, &wide, END], 60, NO_STRINGS, 0),
        workbook(
            "a cell of runs.xlsx",
            [&cell.replace("<t>", ""), &runs, "</is></c></row></sheetData></worksheet>"],
            100,
            NO_STRINGS,
            0,
        ),
        workbook(
            "columns.xlsx",
            [before, "<col min=\"1\" max=\"16384\"/>", "</cols><sheetData/></worksheet>"],
            2_000_000,
            NO_STRINGS,
            0,
        ),
    ]
}

fn costly_texts() -> Vec<PathBuf> {
    let row = b"2026-03-01,Mitte,4006381333931,Candle,1,20.00\n";
    vec![
        text("one line.csv", HEADER, &[b'9'; 1 << 20], 99),
        text("an open quotation mark.csv", &format!("{HEADER}\""), row, 1_500_000),
        text("quotation marks.csv", HEADER, &[b'"'; 1 << 20], 20),
        text("separators.csv", HEADER, &[b','; 1 << 16], 500),
        text("lines of separators.csv", HEADER, b",,,,,,,,,,,,,,,,\n", 1_000_000),
        text("line ends.csv", HEADER, &[b'\n'; 1 << 20], 20),
        text("line ends in a cell.csv", "Date,Units\n\"", &[b'\n'; 1 << 20], 5),
        text("columns.csv", &format!("{}\n", "Units,".repeat(100_000)), "1,".repeat(100_000).as_bytes(), 5),
        text("words.csv", HEADER, b"Total,Returns,Date,Units,Amount,Menge,Umsatz,Storno\n", 300_000),
        text("digits.csv", HEADER, format!("{}\n", "1.234,".repeat(6)).as_bytes(), 300_000),
        text("no bytes.csv", "", &[0; 1 << 20], 20),
        text("letters of four bytes.csv", HEADER, "𝟙".repeat(1 << 16).as_bytes(), 40),
        text(
            "rows that name everything.csv",
            HEADER,
            "2026-03-01,é,4006381333931,x,9999999999999,€9.999.999.999.999,99\n".as_bytes(),
            300_000,
        ),
    ]
}

#[test]
fn costly_files_stay_within_the_limits_of_the_function() {
    let mut failures = Vec::new();
    for path in costly_texts().into_iter().chain(costly_workbooks()) {
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "limits::reads_the_file_it_is_given", "--nocapture"])
            .env(FILE, &path)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&child.stdout);
        let measured = said.lines().find_map(|line| line.split_once("used ")?.1.split_once(" s and "));
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let (seconds, kib) = match measured {
            Some((seconds, kib)) if child.status.success() => {
                (seconds.parse::<f64>().unwrap(), kib.trim_end_matches(" KiB").parse::<u64>().unwrap())
            }
            _ => {
                failures.push(format!("{name}: {} {said}", child.status));
                continue;
            }
        };
        if seconds > SECONDS_MAX || kib > KIB_MAX {
            failures.push(format!("{name}: {seconds} s, {kib} KiB"));
        }
        fs::remove_file(&path).unwrap();
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

/// Run by the test above, in a process of its own; alone it has nothing to do.
#[test]
#[expect(clippy::print_stdout, reason = "the answer")]
fn reads_the_file_it_is_given() {
    let Some(path) = std::env::var_os(FILE) else { return };
    let path = Path::new(&path);
    let name = path.file_name().unwrap().to_string_lossy();
    let input = Input { path, file_name: &name, vendor_hint: Some("acme"), answers: &[] };
    let before = processor_seconds();
    let mut rows = 0u64;
    let report = parse(&input, &Profiles::shipped().unwrap(), &Reference::default(), &mut |_| rows += 1);
    let booked = report.is_ok_and(|report| !report.holds());
    assert!(!booked, "{rows} rows of {name} would be booked");
    println!("used {} s and {} KiB", processor_seconds() - before, peak_kib());
}
