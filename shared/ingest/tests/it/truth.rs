//! Every sample file of the shipped vendors against its expected result.

use std::{collections::BTreeMap, fs, path::Path};

use rust_decimal::Decimal;
use serde_json::Value;

use crate::system::{Outcome, read, test_data};

#[test]
fn every_sample_file_gives_its_expected_result() {
    let mut failures = Vec::new();
    let mut files = 0;
    let mut open = vec![test_data().join("truth")];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else {
            files += 1;
            check(&path, &mut failures);
        }
    }
    assert!(files >= 84, "only {files} files");
    assert!(failures.is_empty(), "{} differences in {files} files:\n{}", failures.len(), failures.join("\n"));
}

fn check(path: &Path, failures: &mut Vec<String>) {
    let truth: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let name = truth["file_name"].as_str().unwrap().to_owned();
    let outcome = read(&test_data().join(truth["file"].as_str().unwrap()), &name);
    let mut fail = |problem: String| failures.push(format!("{name}: {problem}"));

    if truth["expect"]["outcome"] == "not_sales" {
        match &outcome.report {
            Err(refusal)
                if refusal.code == "not_sales" && refusal.vendor.as_deref() == truth["vendor"].as_str() => {}
            other => fail(format!("expected not_sales, got {other:?}")),
        }
        return;
    }
    let report = match &outcome.report {
        Ok(report) => report,
        Err(refusal) => return fail(format!("refused: {refusal:?}")),
    };
    if report.holds() {
        let open: Vec<_> = report.controls.iter().filter(|control| !control.ok).collect();
        fail(format!("holds: {:?} {open:?}", report.questions));
    }
    if !report.rejects.is_empty() {
        fail(format!("rejects: {:?}", report.rejects));
    }
    if report.vendor.as_deref() != truth["vendor"].as_str() || report.vendor_confidence < 0.7 {
        fail(format!("vendor {:?} {}", report.vendor, report.vendor_confidence));
    }
    if serde_json::to_value(report.kind).unwrap() != truth["mode"] {
        fail(format!("kind {:?}", report.kind));
    }
    let codes = |warnings: &Value| -> Vec<String> {
        warnings.as_array().unwrap().iter().map(|w| w["code"].as_str().unwrap().to_owned()).collect()
    };
    let warnings: Vec<String> = report.warnings.iter().map(|warning| warning.code.clone()).collect();
    // A duplicate repeats a file whose rows another truth lists.
    if truth["expect"]["outcome"] == "duplicate" {
        return;
    }
    if warnings != codes(&truth["expect"]["warnings"]) {
        fail(format!("warnings {:?}", report.warnings));
    }
    check_periods(&truth, &outcome, &mut fail);
    check_rows(&truth, &outcome, &mut fail);
    check_controls(&truth, &outcome, &mut fail);
    check_cuts(&truth, &outcome, &mut fail);
}

fn decimal(value: &Value) -> Option<Decimal> {
    match value {
        Value::String(text) => Some(text.parse().unwrap()),
        Value::Number(number) => Some(number.to_string().parse().unwrap()),
        _ => None,
    }
}

fn check_periods(truth: &Value, outcome: &Outcome, fail: &mut impl FnMut(String)) {
    type Sums = (u64, Option<Decimal>, Option<Decimal>);
    let expected: BTreeMap<(String, String), Sums> = truth["periods"]
        .as_array()
        .unwrap()
        .iter()
        .map(|period| {
            let key =
                (period["start"].as_str().unwrap().to_owned(), period["end"].as_str().unwrap().to_owned());
            let sums = (
                period["records"].as_u64().unwrap(),
                decimal(&period["quantity"]),
                decimal(&period["amount_local"]),
            );
            (key, sums)
        })
        .filter(|(_, sums)| sums.0 > 0)
        .collect();
    let report = outcome.report();
    let actual: BTreeMap<(String, String), Sums> = report
        .periods
        .iter()
        .filter(|stated| stated.cut.is_main())
        .map(|s| {
            let key = (s.period.start().to_string(), s.period.end().to_string());
            (key, (s.records, Some(s.quantity), s.amount_local))
        })
        .collect();
    if expected != actual {
        fail(format!("periods\n  expected {expected:?}\n  actual   {actual:?}"));
    }
}

/// Rows at full detail: the sample files print each row once.
fn check_rows(truth: &Value, outcome: &Outcome, fail: &mut impl FnMut(String)) {
    let (expected, actual) = (expected_lines(truth), actual_lines(outcome));
    let missing: Vec<&String> = expected.iter().filter(|line| !actual.contains(line)).take(4).collect();
    let extra: Vec<&String> = actual.iter().filter(|line| !expected.contains(line)).take(4).collect();
    if expected.len() != actual.len() || !missing.is_empty() || !extra.is_empty() {
        fail(format!(
            "{} rows for {}\n  missing {missing:#?}\n  extra {extra:#?}",
            actual.len(),
            expected.len()
        ));
    }
    let vat = truth["vat_included"].as_bool();
    if vat.is_some() && outcome.main_rows().any(|row| row.vat_included != vat) {
        fail("VAT basis".to_owned());
    }
}

fn expected_lines(truth: &Value) -> Vec<String> {
    let field = |record: &Value, name: &str| record[name].as_str().unwrap_or("-").trim().to_owned();
    let mut expected: Vec<String> = Vec::new();
    for record in truth["records"].as_array().unwrap() {
        if record["optional"] == true {
            continue;
        }
        let amount = decimal(&record["amount_local"]).map(|d| d.normalize().to_string());
        let quantity = decimal(&record["quantity"]).map(|d| d.normalize().to_string());
        let period = format!("{}/{}", field(record, "period_start"), field(record, "period_end"));
        let mut line: Vec<String> = [
            "store",
            "store_kind",
            "product_ean",
            "vendor_product_code",
            "product_name",
            "line_class",
            "order_id",
            "country",
            "city",
            "sale_date",
            "currency",
        ]
        .iter()
        .map(|name| field(record, name))
        .collect();
        line.extend([period, format!("{quantity:?} {amount:?}"), record["src"]["row"].to_string()]);
        line.push(
            record["src"]["qty"]
                .as_str()
                .or(record["src"]["amount"].as_str())
                .unwrap_or("-")
                .trim_end_matches(|c: char| c.is_ascii_digit())
                .to_owned(),
        );
        expected.push(line.join(" ; "));
    }
    expected
}

fn actual_lines(outcome: &Outcome) -> Vec<String> {
    let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
    let mut actual: Vec<String> = Vec::new();
    for row in outcome.main_rows() {
        let line = [
            text(&row.store),
            row.store_kind.map_or("-".to_owned(), |kind| kind.as_str().to_owned()),
            text(&row.product_ean),
            text(&row.vendor_product_code),
            text(&row.product_name),
            row.line_class.as_str().to_owned(),
            row.order.as_ref().map_or("-".to_owned(), |order| order.order_id.clone()),
            text(&row.country),
            text(&row.city),
            row.sale_date.map_or("-".to_owned(), |day| day.to_string()),
            row.currency.to_string(),
            format!("{}/{}", row.period.start(), row.period.end()),
            format!(
                "{:?} {:?}",
                row.quantity.map(|d| d.normalize().to_string()),
                row.amount_local.map(|d| d.normalize().to_string())
            ),
            row.source.row.to_string(),
            text(&row.source.column),
        ];
        actual.push(line.join(" ; "));
    }
    actual
}

/// Every printed total of the main cut is a control that ties, at its cell.
fn check_controls(truth: &Value, outcome: &Outcome, fail: &mut impl FnMut(String)) {
    for total in truth["control_totals"].as_array().unwrap() {
        if !matches!(total["cut"].as_str(), Some("records" | "store_month")) {
            continue;
        }
        let value = decimal(&total["value"]);
        let found = outcome.report().controls.iter().any(|control| {
            control.ok && control.cell.as_deref() == total["cell"].as_str() && Some(control.expected) == value
        });
        if !found {
            fail(format!("no control for {total}"));
        }
    }
}

/// Sums of the other cuts, by period, where the truth lists them under the profile's name.
fn check_cuts(truth: &Value, outcome: &Outcome, fail: &mut impl FnMut(String)) {
    type Sums = BTreeMap<String, (Decimal, Decimal)>;
    let Some(cuts) = truth["cuts"].as_object() else { return };
    for (name, records) in cuts {
        if !matches!(truth["vendor"].as_str(), Some("galilu" | "aromateque")) {
            continue;
        }
        let mut expected = Sums::new();
        for record in records.as_array().unwrap() {
            let sums = expected.entry(record["period_start"].as_str().unwrap().to_owned()).or_default();
            sums.0 += decimal(&record["quantity"]).unwrap_or_default();
            sums.1 += decimal(&record["amount_local"]).unwrap_or_default();
        }
        let mut actual = Sums::new();
        for row in outcome.rows.iter().filter(|row| row.cut.0 == *name) {
            let sums = actual.entry(row.period.start().to_string()).or_default();
            sums.0 += row.quantity.unwrap_or_default();
            sums.1 += row.amount_local.unwrap_or_default();
        }
        if expected != actual {
            fail(format!("cut {name}\n  expected {expected:?}\n  actual   {actual:?}"));
        }
    }
}
