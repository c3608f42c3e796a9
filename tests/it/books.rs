//! The truth files and ledgers of the synthetic samples, against what the API gives back.

use std::collections::BTreeMap;

use e2e::{Account, Sample};
use rust_decimal::Decimal;
use serde_json::Value;

/// Quantity and local amount by the fields at which the truth's records are unique.
pub(crate) type Sums = BTreeMap<String, (Decimal, Decimal)>;

fn decimal(value: &Value) -> Decimal {
    match value {
        Value::String(text) => text.parse().unwrap(),
        Value::Number(number) => number.to_string().parse().unwrap(),
        _ => Decimal::ZERO,
    }
}

/// Sums at the truth's grain. Zero groups are left out on both sides.
pub(crate) fn sums<'a>(rows: impl IntoIterator<Item = &'a Value>, grain: &[Value]) -> Sums {
    let mut sums = Sums::new();
    for row in rows {
        let text = |name: &str| row[name].as_str().unwrap_or("-").to_owned();
        let mut key = vec![text("line_class"), text("currency"), row["vat_included"].to_string()];
        for field in grain {
            match field.as_str().unwrap() {
                "product" if row["product_ean"].is_string() => key.push(text("product_ean")),
                "product" => key.push(text("product_name")),
                "period" => key.extend([text("period_start"), text("period_end")]),
                "store" => key.extend([text("store"), text("store_kind")]),
                other => key.push(text(other)),
            }
        }
        let entry = sums.entry(key.join(" | ")).or_default();
        entry.0 += decimal(&row["quantity"]);
        entry.1 += decimal(&row["amount_local"]);
    }
    sums.retain(|_, (quantity, amount)| !quantity.is_zero() || !amount.is_zero());
    sums
}

/// The rows an upload states must be the truth's records.
pub(crate) async fn assert_rows_are_true(account: &Account, upload: &Value, sample: &Sample) {
    let id = upload["id"].as_str().unwrap();
    let rows = account.all(&format!("/v1/sales?upload_id={id}")).await.unwrap();
    let grain = sample.truth["grain"].as_array().unwrap();
    let records = sample.truth["records"].as_array().unwrap();
    // Rows that the truth calls optional may be kept or dropped.
    let needed = sums(records.iter().filter(|record| record["optional"] != true), grain);
    let possible = sums(records, grain);
    let actual = sums(&rows, grain);
    for (key, value) in &needed {
        let found = actual.get(key);
        assert!(found == Some(value) || found == possible.get(key), "{}: {key}: {found:?}", sample.file_name);
    }
    for key in actual.keys() {
        assert!(possible.contains_key(key), "{}: {key} is not in the truth", sample.file_name);
    }
}

/// The books of an account must be the ledger of a scenario, to the cent and in euro.
pub(crate) async fn assert_books_are(account: &Account, ledger: &Value) {
    let vendor = ledger["vendor"].as_str().unwrap();
    let rows = account.all(&format!("/v1/sales?vendor={vendor}")).await.unwrap();
    for period in ledger["periods"].as_array().unwrap() {
        let (start, end) = (period["start"].as_str().unwrap(), period["end"].as_str().unwrap());
        // A shop's ledger is by month, its rows are by day.
        let within = |row: &&Value| {
            row["period_start"].as_str().unwrap() >= start && row["period_end"].as_str().unwrap() <= end
        };
        let mine: Vec<&Value> = rows.iter().filter(within).collect();
        let sum = |field: &str| mine.iter().map(|row| decimal(&row[field])).sum::<Decimal>();
        assert_eq!(sum("quantity"), decimal(&period["quantity"]), "{vendor} {start} quantity");
        assert_eq!(sum("amount_local"), decimal(&period["amount_local"]), "{vendor} {start} amount");
        assert_eq!(sum("amount_eur").round_dp(2), decimal(&period["amount_eur"]), "{vendor} {start} euro");
    }
    let total = rows.iter().map(|row| decimal(&row["amount_local"])).sum::<Decimal>();
    assert_eq!(total, decimal(&ledger["total"]["amount_local"]), "{vendor} in all");
}
