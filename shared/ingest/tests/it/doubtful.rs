//! Lines that do not fit the table they stand in: whatever they mean, nothing is booked before a person has said so.

use std::{
    fmt::Write,
    fs,
    path::PathBuf,
    sync::atomic::{AtomicUsize, Ordering},
};

use domain::Reference;
use ingest::{Input, Profiles, parse};

use crate::system::Outcome;

/// Tests run side by side.
static FILES: AtomicUsize = AtomicUsize::new(0);

const HEADER: &str = "Date,Store,EAN,Product,Units,Amount EUR";
const BOXNOX: &str = "YEAR,MONTH,CHANNEL,POS,EAN,QTY,AMOUNT,DESCRIPTION,SKU";

/// So many honest rows.
fn rows(count: usize) -> String {
    let mut text = String::new();
    for row in 0..count {
        let (day, store, pieces) = (1 + row % 28, ["Mitte", "Nord"][row % 2], 1 + row % 3);
        writeln!(
            text,
            "2026-03-{day:02},{store},4006381333931,Candle {},{pieces},{}.00",
            row % 3,
            pieces * 20
        )
        .unwrap();
    }
    text
}

fn honest() -> String {
    format!("{HEADER}\n{}", rows(20))
}

fn read(name: &str, text: &str, answers: &[(&str, &str)]) -> Outcome {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join(format!("doubtful {}.csv", FILES.fetch_add(1, Ordering::Relaxed)));
    fs::write(&path, text).unwrap();
    let answers: Vec<(String, String)> =
        answers.iter().map(|(id, value)| ((*id).to_owned(), (*value).to_owned())).collect();
    let hint = (!text.starts_with(BOXNOX)).then_some("acme");
    let input = Input { path: &path, file_name: name, vendor_hint: hint, answers: &answers };
    let mut rows = Vec::new();
    let report =
        parse(&input, &Profiles::shipped().unwrap(), &Reference::default(), &mut |row| rows.push(row));
    Outcome { rows, report }
}

/// What the file comes to: the first question or untied total, the refusal, or rows with pieces and money.
fn verdict(outcome: &Outcome) -> String {
    let report = match &outcome.report {
        Err(refusal) => return format!("refused {}", refusal.code),
        Ok(report) => report,
    };
    if let Some(question) = report.questions.first() {
        assert!(
            question.code.starts_with("layout_")
                || !question.options.is_empty()
                || question.code.starts_with("period_"),
            "{question:?}"
        );
        return format!("asked {}", question.code);
    }
    if let Some(control) = report.controls.iter().find(|control| !control.ok) {
        return format!("held {}", control.name);
    }
    let sum = |figure: fn(&domain::SaleRow) -> Option<rust_decimal::Decimal>| -> rust_decimal::Decimal {
        outcome.main_rows().filter_map(figure).sum()
    };
    let (pieces, money) = (sum(|row| row.quantity), sum(|row| row.amount_local));
    format!(
        "booked {} {} {} rejected {}",
        outcome.main_rows().count(),
        pieces,
        money.normalize(),
        report.rows.rejected
    )
}

#[test]
fn what_does_not_fit_its_table_is_asked() {
    let honest = honest();
    let line = |line: &str| format!("{honest}{line}\n");
    let long = "7".repeat(28);
    let boxnox =
        format!("{BOXNOX}\n{}", "2026,4,Retail,Casa,9529843000349,2,161.98,EDP MARBLE,AVMM100\n".repeat(9));
    let currencies = honest
        .replace("Amount EUR", "Amount,Currency")
        .replace("Mitte", "Nord,EUR")
        .replace(",Nord,4", ",Nord,USD,4");
    let currencies = currencies
        .replace("Store,EAN,Product,Units,Amount,Currency", "Store,Currency,EAN,Product,Units,Amount");
    let swallowed = rows(9).replacen("Candle 1", "\"Candle 1", 1);
    let swallowed = swallowed.chars().rev().collect::<String>().replacen("2 eldnaC", "\"2 eldnaC", 1);
    let swallowed: String = swallowed.chars().rev().collect();
    for (name, text, expected) in [
        ("honest", honest.clone(), "booked 20 39 780 rejected 0"),
        (
            "columns that change places",
            format!(
                "{honest}Date,Store,EAN,Product,Amount EUR,Units\n2026-03-21,Nord,4006381333931,Candle 1,40.00,2\n"
            ),
            "asked table_ambiguous",
        ),
        (
            "another table below",
            format!("{honest}\nDate,Store,EAN,Product,Stock,Value EUR\n{}", rows(5)),
            "asked table_ambiguous",
        ),
        ("the header again", format!("{honest}{HEADER}\n{}", rows(3)), "booked 23 45 900 rejected 0"),
        (
            "returns below a title",
            format!("{honest}\nReturns\n{HEADER}\n{}", rows(5)),
            "asked section_ambiguous",
        ),
        ("last year below a title", format!("{honest}Last year\n{}", rows(5)), "asked section_ambiguous"),
        ("a note at the end", format!("{honest}\nReturns are included.\n"), "booked 20 39 780 rejected 0"),
        (
            "a decimal comma without quotes",
            line("2026-03-21,Nord,4006381333931,Candle 1,2,40,50"),
            "asked row_too_long",
        ),
        (
            "a decimal comma in a known layout",
            format!("{boxnox}2026,4,Retail,Casa,9529843000349,2,161,98,EDP MARBLE,AVMM100\n"),
            "asked row_too_long",
        ),
        ("blank cells behind the header", honest.replace(".00\n", ".00,,\n"), "booked 20 39 780 rejected 0"),
        ("a quotation mark that swallows lines", format!("{HEADER}\n{swallowed}"), "refused quote_unclosed"),
        ("a total over two currencies", format!("{currencies}Total,,,,,39,780.00\n"), "asked currency_mixed"),
        ("two currencies", currencies.clone(), "booked 20 39 780 rejected 0"),
        ("a total beyond measure", line(&format!("Total,,,,39,{long}")), "held Total / amount"),
        (
            "a figure beyond measure",
            line(&format!("2026-03-21,Nord,4006381333931,Candle 1,1,{long}")),
            "booked 20 39 780 rejected 1",
        ),
        (
            "figures beyond measure",
            format!("{HEADER}\n{}", rows(9).replace(",1,", &format!(",{long},"))),
            "asked too_many_rejects",
        ),
    ] {
        assert_eq!(verdict(&read("acme.csv", &text, &[])), expected, "{name}");
    }
}

#[test]
fn figures_whose_product_overflows_are_rejected() {
    let nines = "9".repeat(12);
    let text = |pieces: &str, price: &str| {
        let line = format!("2026-03-01,A,4006381333931,X,{pieces},{price}\n");
        format!("Date,Store,EAN,Product,Units,Unit price EUR\n{}", line.repeat(5))
    };
    let largest = format!("{nines}.99");
    assert!(verdict(&read("acme.csv", &text(&nines, &largest), &[])).starts_with("booked 5"));
    assert_eq!(
        verdict(&read("acme.csv", &text(&"9".repeat(20), &"9".repeat(20)), &[])),
        "refused no_sales_rows"
    );
}

#[test]
fn an_answer_settles_what_lines_mean() {
    let honest = honest();
    let other = format!("{honest}\nDate,Store,EAN,Product,Stock,Value EUR\n{}", rows(5));
    let returns = format!("{honest}\nReturns\n{}", rows(5));
    for (text, id, answer, expected) in [
        (&other, "tables", "above", "booked 20 39 780 rejected 0"),
        (&other, "tables", "all", "booked 25 48 960 rejected 0"),
        (&returns, "section", "sale", "booked 25 48 960 rejected 0"),
        (&returns, "section", "return", "booked 25 30 600 rejected 0"),
        (&returns, "section", "ignore", "booked 20 39 780 rejected 0"),
    ] {
        assert_eq!(verdict(&read("acme.csv", text, &[(id, answer)])), expected, "{id} {answer}");
    }
}
