//! Files of the shipped vendors, read as if their vendor were unknown: right, or asked, never something else.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use domain::Reference;
use ingest::{Input, Profiles, parse};
use rust_decimal::Decimal;
use serde_json::Value;

use crate::system::{Outcome, reference_data, test_data};

/// What becomes of each kind of file while its vendor's profile is missing. A word that gets better is changed here; one that
/// gets worse is a regression.
const EXPECTED: &[&str] = &[
    "alias/Boxnox Sell Out by EAN Apr 2026.xlsx: right",
    "alias/Continuity suppliers Q2 2026.xlsx: asked currency_missing",
    "alias/Galilu sales Apr 2026.xlsx: right",
    "alias/Liberty AVELINE sales Apr 2026.xlsx: right",
    "alias/Skins NL AVELINE 2026.xlsx: asked currency_missing",
    "alias/Skins SA AVELINE netsales Apr 2026.xlsx: asked column_ambiguous currency_missing",
    "alias/Ukraine distributors Apr 2026.xlsx: right",
    "alias/boxnox_revenue_2026_04.xlsx: asked currency_missing",
    "alias/cdlc report 2026.xlsx: right",
    "alias/galilu.xlsx: right",
    "alias/galilu_data_2026.xlsx: asked measure_ambiguous",
    "alias/selfridges aveline 2026.xlsx: right",
    "alias/skins_sa_orders_2026.xlsx: right",
    "alias/ukraine pivot 2026.xlsx: asked measure_ambiguous",
    "aromateque: asked measure_ambiguous rows_ambiguous | refused not_sales",
    "boxnox: asked currency_missing",
    "cdlc: right",
    "galilu: refused no_table",
    "liberty: asked period_missing | refused not_sales",
    "online: right",
    "selfridges: right",
    "skins_nl: right",
    "skins_sa: asked currency_missing | asked currency_missing period_missing",
];

/// The shipped profiles without that of one vendor.
fn without(vendor: &str) -> Profiles {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("vendors");
    let texts: Vec<(String, String)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|kind| kind == "toml"))
        .map(|path| {
            (path.file_stem().unwrap().to_string_lossy().into_owned(), fs::read_to_string(&path).unwrap())
        })
        .filter(|(name, _)| name != vendor)
        .collect();
    Profiles::parse(texts.iter().map(|(name, text)| (name.as_str(), text.as_str()))).unwrap()
}

/// Pieces and money that the rows of a file come to.
type Sums = (Decimal, Decimal);

fn expected_sums(truth: &Value) -> Sums {
    let figure = |record: &Value, name: &str| match &record[name] {
        Value::String(text) => text.parse().unwrap(),
        Value::Number(number) => number.to_string().parse().unwrap(),
        _ => Decimal::ZERO,
    };
    let records = truth["records"].as_array().unwrap().iter().filter(|record| record["optional"] != true);
    records.fold(Sums::default(), |(quantity, amount), record| {
        (quantity + figure(record, "quantity"), amount + figure(record, "amount_local"))
    })
}

fn sums(outcome: &Outcome) -> Sums {
    outcome.main_rows().fold(Sums::default(), |(quantity, amount), row| {
        (quantity + row.quantity.unwrap_or_default(), amount + row.amount_local.unwrap_or_default())
    })
}

fn verdict(truth: &Value) -> String {
    let vendor = truth["vendor"].as_str().unwrap();
    let name = truth["file_name"].as_str().unwrap();
    let path = test_data().join(truth["file"].as_str().unwrap());
    let input = Input { path: &path, file_name: name, vendor_hint: Some("stranger"), answers: &[] };
    let reference = Reference::new(&reference_data());
    let mut rows = Vec::new();
    let report = parse(&input, &without(vendor), &reference, &mut |row| rows.push(row.clone()));
    let outcome = Outcome { rows, report };
    match &outcome.report {
        Err(refusal) => format!("refused {}", refusal.code),
        Ok(report) if !report.questions.is_empty() => {
            let codes: BTreeSet<&str> =
                report.questions.iter().map(|question| question.code.as_str()).collect();
            format!("asked {}", codes.into_iter().collect::<Vec<_>>().join(" "))
        }
        Ok(report) if report.holds() => "held".to_owned(),
        Ok(_) if sums(&outcome) == expected_sums(truth) => "right".to_owned(),
        Ok(_) => format!("WRONG {:?} for {:?}", sums(&outcome), expected_sums(truth)),
    }
}

#[test]
fn files_of_shipped_vendors_are_never_read_wrongly_without_their_profile() {
    let mut verdicts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut open = vec![test_data().join("truth")];
    let mut files = 0;
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        files += 1;
        let truth: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        // A duplicate repeats a file whose rows another truth lists.
        if truth["expect"]["outcome"] == "duplicate" {
            continue;
        }
        let file = truth["file"].as_str().unwrap();
        let mut folders = file.split('/').skip(1);
        let folder = folders.next().unwrap();
        // The documented layouts of all vendors lie side by side, each is one of its own.
        let group = if folder == "alias" { file.trim_start_matches("files/") } else { folder };
        verdicts.entry(group.to_owned()).or_default().insert(verdict(&truth));
    }
    let actual: Vec<String> = verdicts
        .iter()
        .map(|(group, verdicts)| {
            format!("{group}: {}", verdicts.iter().cloned().collect::<Vec<_>>().join(" | "))
        })
        .collect();
    assert!(files >= 84, "only {files} files");
    assert!(!actual.iter().any(|line| line.contains("WRONG")), "{actual:#?}");
    assert_eq!(actual, EXPECTED);
}
