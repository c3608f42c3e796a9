//! Files changed at random: whatever they hold, reading ends in a report or a refusal, within bounds, and what would be
//! booked adds up.

mod changes;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{Cursor, Read, Write},
    path::PathBuf,
};

use changes::{apply, changes};
use domain::{Reference, Report};
use ingest::{Input, Profiles, parse};
use proptest::{prelude::*, test_runner::RngSeed};
use rust_decimal::Decimal;
use zip::{CompressionMethod, ZipArchive, ZipWriter, write::SimpleFileOptions};

use crate::{
    limits::processor_seconds,
    roundtrip::file,
    system::{Outcome, test_data},
};

/// Rows that a changed file of a few kilobytes can have at most: each costs bytes.
const MAX_ROWS: u64 = 200_000;
/// Processor seconds that reading a small file may take on a busy machine.
const MAX_SECONDS: f64 = 3.0;

/// So many cases with a fixed seed, so that a test run is the same for everybody; `make fuzz` makes it so many times more,
/// each time other ones.
#[expect(clippy::disallowed_methods, reason = "only a person who fuzzes sets it")]
pub(crate) fn budget(cases: u32) -> ProptestConfig {
    let times = std::env::var("FUZZ").ok().and_then(|times| times.parse::<u32>().ok());
    ProptestConfig {
        cases: cases.saturating_mul(times.unwrap_or(1)),
        rng_seed: times.map_or(RngSeed::Fixed(20_261_121), |_| RngSeed::Random),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

fn read(bytes: &[u8], name: &str, hint: Option<&str>) -> Outcome {
    let path = file(bytes, "bin");
    let input = Input { path: &path, file_name: name, vendor_hint: hint, answers: &[] };
    let mut rows = Vec::new();
    let report = parse(&input, &Profiles::shipped().unwrap(), &Reference::default(), &mut |row| {
        rows.push(row.clone())
    });
    Outcome { rows, report }
}

/// Whether what was read may stand: a refusal says why, a report accounts for every line and every amount.
fn check(outcome: &Outcome) -> Result<(), TestCaseError> {
    let report = match &outcome.report {
        Err(refusal) => {
            let is_code = refusal.code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
            prop_assert!(is_code && refusal.message.ends_with('.'), "{:?}", refusal);
            return Ok(());
        }
        Ok(report) => report,
    };
    for question in &report.questions {
        prop_assert!(!question.id.is_empty() && !question.code.is_empty() && question.message.len() > 10);
    }
    let counts = report.rows;
    prop_assert!(counts.read <= MAX_ROWS);
    prop_assert_eq!(counts.rejected, report.rejects.len() as u64);
    prop_assert_eq!(counts.accepted, outcome.main_rows().count() as u64);
    // A line of a grid gives several rows.
    let taken: BTreeSet<_> =
        outcome.main_rows().map(|row| (row.source.sheet.clone(), row.source.row)).collect();
    prop_assert_eq!(counts.read, taken.len() as u64 + counts.rejected + counts.ignored, "{:?}", counts);
    check_sums(outcome, report)
}

fn check_sums(outcome: &Outcome, report: &Report) -> Result<(), TestCaseError> {
    type Sums = (u64, Decimal, Option<Decimal>);
    let mut sums: BTreeMap<String, Sums> = BTreeMap::new();
    for row in &outcome.rows {
        let key = format!("{:?} {:?} {}", row.cut, row.period, row.currency);
        let sum = sums.entry(key).or_default();
        sum.0 += 1;
        sum.1 += row.quantity.unwrap_or_default();
        if let Some(amount) = row.amount_local {
            sum.2 = Some(sum.2.unwrap_or_default() + amount);
        }
    }
    let stated: BTreeMap<String, Sums> = report
        .periods
        .iter()
        .filter(|stated| stated.records > 0)
        .map(|stated| {
            let key = format!("{:?} {:?} {}", stated.cut, stated.period, stated.currency);
            (key, (stated.records, stated.quantity, stated.amount_local))
        })
        .collect();
    prop_assert_eq!(sums.keys().collect::<Vec<_>>(), stated.keys().collect::<Vec<_>>());
    for (key, (records, quantity, amount)) in sums {
        let (stated_records, stated_quantity, stated_amount) = stated[&key];
        prop_assert_eq!((records, quantity), (stated_records, stated_quantity), "{}", key);
        // Units valued in euro have no local amount of their own.
        prop_assert!(amount.is_none() || amount == stated_amount, "{} {:?} {:?}", key, amount, stated_amount);
    }
    Ok(())
}

/// Reads bytes and checks what comes of it; a failure leaves the bytes where they can be kept as a regression.
fn survives(bytes: &[u8], name: &str, hint: Option<&str>) -> Result<(), TestCaseError> {
    let before = processor_seconds();
    let read = std::panic::catch_unwind(|| read(bytes, name, hint));
    let took = processor_seconds() - before;
    let checked = match &read {
        Err(_) => Err(TestCaseError::fail("the reader panicked")),
        Ok(_) if took > MAX_SECONDS => Err(TestCaseError::fail(format!("took {took} s"))),
        Ok(outcome) => check(outcome),
    };
    checked.map_err(|error| {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("fuzz failures");
        fs::create_dir_all(&folder).unwrap();
        let kept = folder.join(name);
        fs::write(&kept, bytes).unwrap();
        TestCaseError::fail(format!("{error}; the bytes are in {}", kept.display()))
    })
}

/// Small files of any kind: name, bytes, and the vendor that a person names.
fn texts() -> Vec<(&'static str, Vec<u8>, Option<&'static str>)> {
    let till = "Datum;Filiale;EAN;Artikelbezeichnung;Menge;Umsatz EUR brutto\n\
        17.03.2026;Jena;4006381333931;Duftkerze;2;59,80\n18.03.2026;Erfurt;4006381333931;\"Kerze; rot\";1.200;29.900,50\n\
        19.03.2026;Jena;4006381333931;Raumduft;-1;-45,00\nZwischensumme;;;;1.201;29.915,30\n\
        20.03.2026;Jena;9529843000349;Öl;3;120,00\n21.03.2026;Erfurt;9529843000349;Öl;1;40,00\nSumme;;;;1.205;30.075,30\n";
    let boxnox = "YEAR,MONTH,CHANNEL,POS,EAN,QTY,AMOUNT,DESCRIPTION,SKU\n\
        2026,4,Retail,Casa Nardo,9529843000349,2,\"161,98\",EDP MARBLE MARKET,AVMM100\n\
        2026,4,Retail,Casa Online,9529843000349,1,\"80,99\",EDP MARBLE MARKET,AVMM100\n\
        2026,3,Retail,Casa Nardo,9529843000349,-1,\"-80,99\",EDP MARBLE MARKET,AVMM100\n";
    let orders = "Order ID,Order Date,Product EAN,Quantity,Sales EUR,Country,Status\n\
        1,2026-03-17,4006381333931,1,20.00,DE,paid\n1,2026-03-17,9529843000349,2,1234.50,DE,\n\
        2,2026-03-18,4006381333931,1,20.00,FR,refunded\n3,2026-03-19,4006381333931,1,20.00,FR,paid\n";
    let grid = "Rapport des ventes mars 2026;;;;;;;\n;;Paris;;Lyon;;Total;\n\
        EAN;Libellé article;Quantité;CA TTC EUR;Quantité;CA TTC EUR;Quantité;CA TTC EUR\n\
        3760000000017;Bougie;2;59,80;1;29,90;3;89,70\n3760000000024;Huile;;;4;100,00;4;100,00\nTotal;;2;59,80;5;129,90;7;189,70\n";
    let utf16 = |text: &str| format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    vec![
        ("till.csv", till.as_bytes().to_vec(), Some("acme")),
        ("boxnox.csv", boxnox.as_bytes().to_vec(), None),
        ("orders.csv", orders.as_bytes().to_vec(), Some("acme")),
        ("grid.csv", grid.as_bytes().to_vec(), Some("acme")),
        ("unknown.csv", grid.as_bytes().to_vec(), None),
        ("utf16.csv", utf16(till), Some("acme")),
        ("windows.csv", encoding_rs::WINDOWS_1252.encode(grid).0.into_owned(), Some("acme")),
    ]
}

/// Small workbooks of several vendors.
fn workbooks() -> Vec<(&'static str, Vec<u8>)> {
    let files = [
        "alias/boxnox_revenue_2026_04.xlsx",
        "alias/galilu_data_2026.xlsx",
        "alias/ukraine pivot 2026.xlsx",
        "alias/Liberty AVELINE sales Apr 2026.xlsx",
        "cdlc/AVELINE_Sell_Out_2026_03.xlsx",
        "alias/Skins NL AVELINE 2026.xlsx",
    ];
    let read = |name: &'static str| {
        (name.rsplit('/').next().unwrap(), fs::read(test_data().join("files").join(name)).unwrap())
    };
    files.into_iter().map(read).collect()
}

/// The parts of a workbook.
fn parts(workbook: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = ZipArchive::new(Cursor::new(workbook)).unwrap();
    (0..archive.len())
        .map(|index| {
            let mut part = archive.by_index(index).unwrap();
            let mut bytes = Vec::new();
            part.read_to_end(&mut bytes).unwrap();
            (part.name().unwrap().into_owned(), bytes)
        })
        .collect()
}

fn zipped(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, bytes) in parts {
        zip.start_file(name.as_str(), stored).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

proptest! {
    #![proptest_config(budget(400))]

    #[test]
    fn changed_texts_survive(seed in prop::sample::select(texts()), changes in changes(changes::TEXT)) {
        let (name, bytes, hint) = seed;
        survives(&apply(&bytes, &changes), name, hint)?;
    }

    #[test]
    fn changed_parts_of_workbooks_survive(
        seed in prop::sample::select(workbooks()),
        part in any::<prop::sample::Index>(),
        changes in changes(changes::XML),
        hint in prop::option::of(Just("acme")),
    ) {
        let (name, bytes) = seed;
        let mut parts = parts(&bytes);
        let index = part.index(parts.len());
        parts[index].1 = apply(&parts[index].1, &changes);
        survives(&zipped(&parts), name, hint)?;
    }

    #[test]
    fn changed_archives_survive(seed in prop::sample::select(workbooks()), changes in changes(changes::XML)) {
        let (name, bytes) = seed;
        survives(&apply(&bytes, &changes), name, None)?;
    }

    #[test]
    fn headers_of_any_words_survive(
        header in prop::collection::vec(prop::sample::select(HEADERS), 1..9),
        above in prop::collection::vec(prop::sample::select(HEADERS), 0..9),
        rows in prop::collection::vec(prop::collection::vec(prop::sample::select(CELLS), 0..10), 0..14),
    ) {
        let mut lines = vec![above, header];
        lines.extend(rows);
        let text: Vec<String> = lines.iter().map(|line| line.join(";")).collect();
        survives(text.join("\n").as_bytes(), "sales march 2026.csv", Some("acme"))?;
    }
}

const HEADERS: &[&str] = &[
    "",
    "Date",
    "Datum",
    "Month",
    "Year",
    "Week ending",
    "Store",
    "Filiale",
    "EAN",
    "SKU",
    "Product",
    "Artikel",
    "Units",
    "Quantity",
    "Menge",
    "Units Sold",
    "Amount EUR",
    "Umsatz",
    "Net Sales",
    "Gross Sales",
    "Price",
    "Unit price EUR",
    "Discount",
    "Discount %",
    "Tax",
    "Currency",
    "Status",
    "Type",
    "Order ID",
    "Total",
    "Paris",
    "Lyon",
    "January 2026",
    "Februar",
    "2026",
    "01/2026",
    "KW 12",
    "Budget",
    "Last year",
    "YTD",
    "Stock",
    "Target",
    "Customer",
    "E-mail",
    "Category",
    "Country",
    "Qty",
    "Value",
];
const CELLS: &[&str] = &[
    "",
    "1",
    "2",
    "-1",
    "3",
    "1.200",
    "12,50",
    "25,00",
    "-12,50",
    "1.234,50",
    "1,234.50",
    "€ 20,00",
    "20.00 $",
    "2026-03-01",
    "03/04/2026",
    "17.03.2026",
    "March",
    "2026",
    "4006381333931",
    "9529843000349",
    "S-1",
    "Candle",
    "Oil",
    "Jena",
    "Erfurt",
    "Total",
    "Summe",
    "paid",
    "refunded",
    "Sale",
    "Return",
    "EUR",
    "USD",
    "0",
    "-",
    "#REF!",
    "9999999999999",
    "99999999999999999999",
    "0.5",
    "50%",
    "x@example.com",
];

#[test]
fn every_file_that_once_broke_the_reader_survives() {
    let folder = test_data().join("../fuzz");
    let mut count = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let bytes = fs::read(&path).unwrap();
        for hint in [None, Some("acme")] {
            survives(&bytes, &name, hint).unwrap_or_else(|error| panic!("{name}: {error}"));
        }
        count += 1;
    }
    assert!(count > 0);
}
