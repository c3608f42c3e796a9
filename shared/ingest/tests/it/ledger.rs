//! What the books must hold after all files of a scenario, by the simplest bookkeeping there is: a stated period
//! replaces what was said about it, an order line replaces the line with its key.

use std::{collections::BTreeMap, fs};

use domain::{DocumentKind, SaleRow};
use rust_decimal::Decimal;
use serde_json::Value;

use crate::system::{read, test_data};

fn json(name: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(test_data().join(name)).unwrap()).unwrap()
}

/// Rows that count after all files: by period, or by line key.
fn booked(files: &Value) -> Vec<SaleRow> {
    let mut books: BTreeMap<String, Vec<SaleRow>> = BTreeMap::new();
    for file in files.as_array().unwrap().iter().filter(|file| file["booked"] == true) {
        let path = test_data().join(file["file"].as_str().unwrap());
        let outcome = read(&path, path.file_name().unwrap().to_str().unwrap());
        let increment = outcome.report().kind == DocumentKind::Increment;
        let mut stated: BTreeMap<String, Vec<SaleRow>> = BTreeMap::new();
        for row in outcome.main_rows() {
            let period = format!("{}/{}", row.period.start(), row.period.end());
            let key = row.order.as_ref().map_or(period, |order| order.line_key.clone());
            stated.entry(key).or_default().push(row.clone());
        }
        assert!(
            !increment || stated.values().all(|lines| lines.len() == 1),
            "line keys repeat in {}",
            path.display()
        );
        books.extend(stated);
    }
    books.into_values().flatten().collect()
}

#[test]
fn the_books_of_every_scenario_equal_its_ledger() {
    let mut scenarios = 0;
    for (name, ledger) in json("ledger.json").as_object().unwrap() {
        scenarios += 1;
        let rows = booked(&ledger["files"]);
        let mut records = 0;
        for period in ledger["periods"].as_array().unwrap() {
            let day = |field: &str| period[field].as_str().unwrap().parse().unwrap();
            let (start, end) = (day("start"), day("end"));
            let inside: Vec<&SaleRow> =
                rows.iter().filter(|row| start <= row.period.start() && row.period.end() <= end).collect();
            let amount: Decimal = inside.iter().filter_map(|row| row.amount_local).sum();
            let euro: Decimal = inside.iter().filter_map(|row| row.amount_eur).sum();
            let quantity: Decimal = inside.iter().filter_map(|row| row.quantity).sum();
            let expected = ["quantity", "amount_local", "amount_eur"].map(|field| match &period[field] {
                // The files have units only.
                Value::Null => None,
                Value::String(text) => Some(text.parse().unwrap()),
                number => Some(number.to_string().parse().unwrap()),
            });
            let known = |figure: Decimal, field: &str| Some(figure).filter(|_| !period[field].is_null());
            let actual =
                [Some(quantity), known(amount, "amount_local"), known(euro.round_dp(2), "amount_eur")];
            assert_eq!(actual, expected, "{name} {period}");
            assert_eq!(
                inside.iter().all(|row| row.amount_local.is_none()),
                period["amount_local"].is_null(),
                "{name} {period}"
            );
            assert_eq!(inside.len() as u64, period["records"].as_u64().unwrap(), "{name} {period}");
            records += inside.len();
        }
        assert_eq!(records, rows.len(), "{name}: rows outside the periods of the ledger");
    }
    assert!(scenarios >= 26);
}
