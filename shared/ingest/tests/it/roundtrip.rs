//! A random table of sales, written in any dialect and encoding and as a workbook, is read back equal: by a shipped
//! profile, by looking at it, and by what was learned from looking at it.

use std::{
    fs,
    path::PathBuf,
    sync::atomic::{AtomicUsize, Ordering},
};

use domain::{Reference, SaleRow};
use ingest::{Input, Profile, Profiles, parse};
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::{
    fuzz::budget,
    system::Outcome,
    written::{CODES, Cells, Code, DIALECTS, Dialect, Sale, Value, sales, workbook},
};

const SHIPPED: [&str; 8] = ["YEAR", "MONTH", "CHANNEL", "POS", "EAN", "QTY", "AMOUNT", "DESCRIPTION"];
const UNKNOWN: [&str; 6] = ["Datum", "Filiale", "EAN", "Artikelbezeichnung", "Menge", "Umsatz EUR brutto"];

static FILES: AtomicUsize = AtomicUsize::new(0);

pub(crate) fn file(bytes: &[u8], extension: &str) -> PathBuf {
    let number = FILES.fetch_add(1, Ordering::Relaxed) % 64;
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("written {number}.{extension}"));
    fs::write(&path, bytes).unwrap();
    path
}

/// Reads a file of a sender with the profiles that were learned before.
pub(crate) fn read(bytes: &[u8], name: &str, hint: Option<&str>, learned: &[Profile]) -> Outcome {
    let path = file(bytes, name.rsplit('.').next().unwrap());
    let input = Input { path: &path, file_name: name, vendor_hint: hint, answers: &[] };
    let profiles = Profiles::shipped().unwrap().with(learned.to_vec()).unwrap();
    let mut rows = Vec::new();
    let report = parse(&input, &profiles, &Reference::default(), &mut |row| rows.push(row.clone()));
    Outcome { rows, report }
}

/// A layout: its header, and the cells of a sale in it.
#[derive(Clone, Copy)]
pub(crate) enum Layout {
    Shipped,
    Unknown,
}

impl Layout {
    pub(crate) fn header(self) -> Vec<String> {
        let words: &[&str] = match self {
            Self::Shipped => &SHIPPED,
            Self::Unknown => &UNKNOWN,
        };
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    pub(crate) fn cells(self, sale: &Sale, stores: [&str; 3], dialect: &Dialect) -> Vec<String> {
        let store = stores[sale.store].to_owned();
        let figures = [dialect.whole(sale.quantity), dialect.money(sale.cents)];
        let [quantity, amount] = figures;
        let (ean, name) = (sale.ean().to_owned(), sale.name().to_owned());
        match self {
            Self::Shipped => {
                let month = sale.day.0.to_string();
                vec!["2026".to_owned(), month, "Retail".to_owned(), store, ean, quantity, amount, name]
            }
            Self::Unknown => {
                let (month, day) = sale.day;
                vec![format!("{day:02}.{month:02}.2026"), store, ean, name, quantity, amount]
            }
        }
    }

    fn values(self, sale: &Sale, stores: [&str; 3]) -> Vec<Value> {
        let text = |text: &str| Value::Text(text.to_owned());
        let figures = [Value::Number(sale.quantity as f64), Value::Number(sale.cents as f64 / 100.0)];
        let [quantity, amount] = figures;
        let (store, ean, name) = (text(stores[sale.store]), text(sale.ean()), text(sale.name()));
        let (month, day) = sale.day;
        match self {
            Self::Shipped => {
                let month = Value::Number(f64::from(month));
                vec![Value::Number(2026.0), month, text("Retail"), store, ean, quantity, amount, name]
            }
            Self::Unknown => vec![Value::Day(month, day), store, ean, name, quantity, amount],
        }
    }

    /// What a sale's cells say, by column, as far as it must come out again.
    pub(crate) fn facts(self, sale: &Sale, stores: [&str; 3]) -> Vec<(usize, String)> {
        let figures = [sale.quantity.to_string(), Decimal::new(sale.cents, 2).normalize().to_string()];
        let [quantity, amount] = figures;
        let (store, ean) = (stores[sale.store].to_owned(), sale.ean().to_owned());
        match self {
            Self::Shipped => {
                let month = format!("2026-{:02}-01", sale.day.0);
                vec![(1, month), (3, store), (4, ean), (5, quantity), (6, amount)]
            }
            Self::Unknown => vec![(0, sale.date()), (1, store), (2, ean), (4, quantity), (5, amount)],
        }
    }

    /// The same of a row that was read.
    pub(crate) fn facts_of(self, row: &SaleRow) -> Vec<String> {
        let figure = |figure: Option<Decimal>| figure.map(|f| f.normalize().to_string()).unwrap_or_default();
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        vec![
            row.period.start().to_string(),
            text(&row.store),
            text(&row.product_ean),
            figure(row.quantity),
            figure(row.amount_local),
        ]
    }

    /// The rows of a sale's file, and what they must come to, in the order and at the lines of the file.
    fn check(
        self,
        outcome: &Outcome,
        sales: &[(u32, &Sale)],
        stores: [&str; 3],
    ) -> Result<(), TestCaseError> {
        let report = match &outcome.report {
            Ok(report) => report,
            Err(refusal) => return Err(TestCaseError::fail(format!("refused: {refusal:?}"))),
        };
        let untied: Vec<_> = report.controls.iter().filter(|control| !control.ok).collect();
        prop_assert!(!report.holds(), "{:?} {:?}", report.questions, untied);
        let expected: Vec<String> = sales
            .iter()
            .map(|(row, sale)| {
                let facts: Vec<String> = self.facts(sale, stores).into_iter().map(|(_, fact)| fact).collect();
                format!("{row} {}", facts.join(" "))
            })
            .collect();
        let actual: Vec<String> = outcome
            .main_rows()
            .map(|row| format!("{} {}", row.source.row, self.facts_of(row).join(" ")))
            .collect();
        prop_assert_eq!(actual, expected);
        let counts = report.rows;
        prop_assert_eq!(counts.accepted, sales.len() as u64);
        prop_assert_eq!((counts.read, counts.rejected), (counts.accepted + counts.ignored, 0));
        Ok(())
    }

    fn text(self, sales: &[Sale], dialect: &Dialect, code: Code) -> Vec<u8> {
        let lines = sales.iter().map(|sale| dialect.line(&self.cells(sale, code.stores(), dialect)));
        code.bytes(&(dialect.line(&self.header()) + &lines.collect::<String>()))
    }

    fn workbook(self, sales: &[Sale], cells: Cells) -> Vec<u8> {
        let header = self.header().into_iter().map(Value::Text).collect();
        let lines = sales.iter().map(|sale| self.values(sale, Code::Utf8.stores()));
        workbook(&std::iter::once(header).chain(lines).collect::<Vec<_>>(), cells)
    }
}

fn numbered(sales: &[Sale]) -> Vec<(u32, &Sale)> {
    (2..).zip(sales).collect()
}

proptest! {
    #![proptest_config(budget(5))]

    #[test]
    fn a_table_is_read_back_in_every_dialect_and_encoding(sales in sales(), next in sales()) {
        for dialect in &DIALECTS {
            for code in CODES {
                let context = |error: TestCaseError| TestCaseError::fail(format!("{dialect:?} {code:?}: {error}"));
                let bytes = Layout::Shipped.text(&sales, dialect, code);
                let outcome = read(&bytes, "sales.csv", None, &[]);
                Layout::Shipped.check(&outcome, &numbered(&sales), code.stores()).map_err(context)?;

                let bytes = Layout::Unknown.text(&sales, dialect, code);
                let outcome = read(&bytes, "sales.csv", Some("acme"), &[]);
                Layout::Unknown.check(&outcome, &numbered(&sales), code.stores()).map_err(context)?;

                let proposal = outcome.report().proposal.clone().unwrap();
                let learned = Profile::from_json(&proposal.profile).unwrap();
                let bytes = Layout::Unknown.text(&next, dialect, code);
                let outcome = read(&bytes, "next.csv", None, &[learned]);
                Layout::Unknown.check(&outcome, &numbered(&next), code.stores()).map_err(context)?;
                prop_assert_eq!(outcome.report().vendor.as_deref(), Some("acme"));
            }
        }
    }

    #[test]
    fn a_table_is_read_back_from_workbooks_of_any_kind(sales in sales(), next in sales()) {
        let stores = Code::Utf8.stores();
        for (first, second) in [(Cells::Typed, Cells::Inline), (Cells::Inline, Cells::Typed)] {
            let outcome = read(&Layout::Shipped.workbook(&sales, first), "sales.xlsx", None, &[]);
            Layout::Shipped.check(&outcome, &numbered(&sales), stores)?;
            let outcome = read(&Layout::Unknown.workbook(&sales, first), "sales.xlsx", Some("acme"), &[]);
            Layout::Unknown.check(&outcome, &numbered(&sales), stores)?;
            let proposal = outcome.report().proposal.clone().unwrap();
            let learned = Profile::from_json(&proposal.profile).unwrap();
            let outcome = read(&Layout::Unknown.workbook(&next, second), "next.xlsx", None, &[learned]);
            Layout::Unknown.check(&outcome, &numbered(&next), stores)?;
        }
    }
}

/// The profile of the unknown layout, learned from an orderly file.
pub(crate) fn learned() -> Profile {
    let sale = |day| Sale { day: (3, day), store: 0, product: 1, quantity: i64::from(day), cents: 1_999 };
    let sales: Vec<Sale> = (1..9).map(sale).collect();
    let outcome = read(&Layout::Unknown.text(&sales, &DIALECTS[2], Code::Utf8), "a.csv", Some("acme"), &[]);
    Profile::from_json(&outcome.report().proposal.as_ref().unwrap().profile).unwrap()
}

/// What stands between rows of sales in files that people send.
#[derive(Debug, Clone, Copy)]
enum Between {
    Sale,
    Blank,
    Header,
    Note,
    Subtotal,
}

fn between() -> impl Strategy<Value = Vec<Between>> {
    use Between::{Blank, Header, Note, Sale, Subtotal};
    let one = prop_oneof![8 => Just(Sale), 1 => Just(Blank), 1 => Just(Header), 1 => Just(Note), 1 => Just(Subtotal)];
    prop::collection::vec(one, 8..40)
}

/// A file with totals; the sales and lines with anything in them below the header.
struct Totalled {
    text: String,
    places: Vec<(u32, usize)>,
    lines: u64,
    totals: Vec<std::ops::Range<usize>>,
}

impl Totalled {
    fn new(sales: &[Sale], between: &[Between], dialect: &Dialect) -> Self {
        let stores = Code::Utf8.stores();
        let header = dialect.line(&Layout::Unknown.header());
        let mut file = Self { text: header.clone(), places: Vec::new(), lines: 0, totals: Vec::new() };
        let (mut number, mut sum, mut all) = (1, (0, 0), (0, 0));
        let mut total = |text: &mut String, word: &str, (quantity, cents): (i64, i64)| {
            let money = dialect.money(cents);
            let cells = [word, "", "", "", &dialect.whole(quantity), &money].map(str::to_owned);
            let line = dialect.line(&cells);
            let at = text.len() + line.rfind(&money).unwrap();
            file.totals.push(at..at + money.len());
            text.push_str(&line);
        };
        let mut left = sales.iter().enumerate();
        for kind in between {
            number += 1;
            file.lines += 1;
            match kind {
                Between::Sale => {
                    let Some((index, sale)) = left.next() else {
                        (number, file.lines) = (number - 1, file.lines - 1);
                        continue;
                    };
                    file.places.push((number, index));
                    sum = (sum.0 + sale.quantity, sum.1 + sale.cents);
                    all = (all.0 + sale.quantity, all.1 + sale.cents);
                    file.text += &dialect.line(&Layout::Unknown.cells(sale, stores, dialect));
                }
                Between::Blank => {
                    file.lines -= 1;
                    file.text += &dialect.line(&[]);
                }
                Between::Header => file.text += &header,
                Between::Note => file.text += &dialect.line(&["Bitte prüfen".to_owned()]),
                Between::Subtotal => {
                    total(&mut file.text, "Zwischensumme", sum);
                    sum = (0, 0);
                }
            }
        }
        total(&mut file.text, "Summe", all);
        file.lines += 1;
        file
    }
}

proptest! {
    #![proptest_config(budget(60))]

    #[test]
    fn every_line_has_its_fate_and_every_total_ties(sales in sales(), between in between(), dialect in prop::sample::select(&DIALECTS[..])) {
        let file = Totalled::new(&sales, &between, &dialect);
        let taken: Vec<(u32, &Sale)> = file.places.iter().map(|(row, index)| (*row, &sales[*index])).collect();
        prop_assume!(taken.len() > 3);
        let learned = [learned()];
        let outcome = read(file.text.as_bytes(), "acme.csv", None, &learned);
        Layout::Unknown.check(&outcome, &taken, Code::Utf8.stores())?;
        let report = outcome.report();
        prop_assert_eq!(report.rows.read, file.lines);
        prop_assert_eq!(report.controls.len(), 2 * file.totals.len());

        // Who has never seen such a file may ask about it, but reads nothing else out of it.
        let looked_at = read(file.text.as_bytes(), "acme.csv", Some("acme"), &[]);
        if looked_at.report.as_ref().is_ok_and(|report| !report.holds()) {
            Layout::Unknown.check(&looked_at, &taken, Code::Utf8.stores())?;
        }

        // One cent more in any of the totals holds the file.
        for total in &file.totals {
            let mut text = file.text.clone();
            let last = total.end - 1;
            let digit = text.as_bytes()[last];
            text.replace_range(last..=last, if digit == b'9' { "8" } else { "9" });
            let altered = digit.abs_diff(if digit == b'9' { b'8' } else { b'9' });
            prop_assert!(altered >= 1);
            let outcome = read(text.as_bytes(), "acme.csv", None, &learned);
            prop_assert!(outcome.report.as_ref().is_ok_and(|report| report.controls.iter().any(|control| !control.ok)), "{}", text);
        }
    }
}
