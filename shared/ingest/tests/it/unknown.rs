//! Files of senders that no profile knows: read rightly, asked about, or refused; never guessed.

use std::fs;

use domain::{Product, ProductKind, Question, Reference, ReferenceData, Report};
use ingest::{Input, Profile, Profiles, parse};
use rust_decimal::Decimal;

use crate::system::Outcome;

/// Reads a text with answers, as the vendor `acme`, with profiles that were learned before.
pub(crate) fn read(name: &str, text: &str, answers: &[(&str, &str)], learned: &[Profile]) -> Outcome {
    read_knowing(name, text, answers, learned, &Reference::default())
}

/// The same with a catalogue.
fn read_knowing(
    name: &str,
    text: &str,
    answers: &[(&str, &str)],
    learned: &[Profile],
    reference: &Reference,
) -> Outcome {
    let folder = tempfile(name);
    fs::write(&folder, text).unwrap();
    let answers: Vec<(String, String)> =
        answers.iter().map(|(id, value)| ((*id).to_owned(), (*value).to_owned())).collect();
    let hint = learned.is_empty().then_some("acme");
    let input = Input { path: &folder, file_name: name, vendor_hint: hint, answers: &answers };
    let profiles = Profiles::shipped().unwrap().with(learned.to_vec()).unwrap();
    let mut rows = Vec::new();
    let report = parse(&input, &profiles, reference, &mut |row| rows.push(row.clone()));
    fs::remove_file(&folder).unwrap();
    Outcome { rows, report }
}

fn tempfile(name: &str) -> std::path::PathBuf {
    let unique = format!("{}-{:?}-{name}", std::process::id(), std::thread::current().id());
    std::env::temp_dir().join(unique.replace(['(', ')', '/'], ""))
}

pub(crate) fn sums(outcome: &Outcome) -> (Decimal, Decimal) {
    let quantity = outcome.main_rows().filter_map(|row| row.quantity).sum();
    let amount = outcome.main_rows().filter_map(|row| row.amount_local).sum();
    (quantity, amount)
}

pub(crate) fn number(text: &str) -> Decimal {
    text.parse().unwrap()
}

pub(crate) fn codes(report: &Report) -> Vec<&str> {
    report.questions.iter().map(|question: &Question| question.code.as_str()).collect()
}

const TILL: &str = "Datum;Filiale;EAN;Artikelbezeichnung;Menge;Umsatz EUR brutto\n\
    17.03.2026;Jena;4006381333931;Duftkerze;2;59,80\n\
    18.03.2026;Erfurt;4006381333931;Duftkerze;1;29,90\n\
    19.03.2026;Jena;4002432117310;Raumduft;-1;-45,00\n\
    Summe;;;;2;44,70\n";

#[test]
fn a_flat_table_in_another_language_is_read_and_its_total_proves_it() {
    let outcome = read("Abverkauf.csv", TILL, &[], &[]);
    let report = outcome.report();
    assert!(!report.holds(), "{:?} {:?}", report.questions, report.controls);
    assert_eq!(report.layout.as_deref(), Some("generic"));
    assert_eq!(sums(&outcome), (number("2"), number("44.70")));
    let row = outcome.main_rows().next().unwrap();
    assert_eq!(row.currency.as_str(), "EUR");
    assert_eq!(row.vat_included, Some(true));
    assert_eq!(row.sale_date.unwrap().to_string(), "2026-03-17");
    assert_eq!(row.store.as_deref(), Some("Jena"));
    assert!(report.controls.iter().all(|control| control.ok) && !report.controls.is_empty());
}

#[test]
fn a_printed_total_that_does_not_tie_holds_the_file() {
    let outcome = read("Abverkauf.csv", &TILL.replace("44,70", "54,70"), &[], &[]);
    assert!(outcome.report().holds());
}

#[test]
fn a_layout_found_once_reads_the_next_file_by_itself() {
    let first = read("acme report march.csv", TILL, &[], &[]);
    let profile = Profile::from_json(&first.report().proposal.as_ref().unwrap().profile).unwrap();
    let next = TILL.replace(".03.2026", ".04.2026");
    let second = read("acme report april.csv", &next, &[], &[profile]);
    let report = second.report();
    assert!(!report.holds(), "{:?}", report.questions);
    assert_eq!((report.vendor.as_deref(), report.layout.as_deref()), (Some("acme"), Some("acme@1")));
    assert_eq!(sums(&second), sums(&first));
}

#[test]
fn an_unknown_sender_is_asked_for_with_all_other_questions_at_once() {
    let text = "Date,Product,Units Sold,Sales\n03/04/2026,Soap,2,1.234\n05/06/2026,Soap,1,2.345\n";
    let input_answers: [(&str, &str); 0] = [];
    let outcome = read("sales.csv", text, &input_answers, &[]);
    let codes = codes(outcome.report());
    for code in ["currency_missing", "date_ambiguous", "number_ambiguous"] {
        assert!(codes.contains(&code), "{code} in {codes:?}");
    }
    assert_eq!(outcome.rows.len(), 0);
    let answers = [("currency", "GBP"), ("date_order", "day_first"), ("decimal", ",")];
    let answered = read("sales.csv", text, &answers, &[]);
    assert!(!answered.report().holds(), "{:?}", answered.report().questions);
    assert_eq!(sums(&answered), (number("3"), number("3579")));
    assert_eq!(answered.main_rows().next().unwrap().sale_date.unwrap().to_string(), "2026-04-03");
}

#[test]
fn order_lines_inherit_the_status_of_their_order_and_personal_data_is_never_read() {
    let text = "Name,Email,Financial Status,Currency,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Billing Name\n\
        #1001,a@example.com,paid,EUR,50.00,2026-04-05 10:00:00 +0200,1,Soap,20.00,S-1,Ann Example\n\
        #1001,a@example.com,,,,2026-04-05 10:00:00 +0200,2,Oil,15.00,S-2,\n\
        #1002,b@example.com,voided,EUR,20.00,2026-04-06 10:00:00 +0200,1,Soap,20.00,S-1,Bob Example\n\
        #1002,b@example.com,,,,2026-04-06 10:00:00 +0200,1,Oil,15.00,S-2,\n";
    let outcome = read("orders_export_1.csv", text, &[], &[]);
    assert!(!outcome.report().holds(), "{:?}", outcome.report().questions);
    assert_eq!(sums(&outcome), (number("3"), number("50.00")));
    let rows = format!("{:?}", outcome.rows);
    assert!(!rows.contains("Example") && !rows.contains("example.com"), "{rows}");
    assert!(outcome.main_rows().all(|row| row.order.as_ref().unwrap().order_id == "#1001"));
}

#[test]
fn stores_side_by_side_become_rows_and_total_columns_controls() {
    let text = "Rapport des ventes mars 2026;;;;;;;\n;;Paris;;Lyon;;Total;\n\
        EAN;Libellé article;Quantité;CA TTC EUR;Quantité;CA TTC EUR;Quantité;CA TTC EUR\n\
        3760000000017;Bougie;2;59,80;1;29,90;3;89,70\n3760000000024;Huile;;;4;100,00;4;100,00\nTotal;;2;59,80;5;129,90;7;189,70\n";
    let outcome = read("acme ventes.csv", text, &[], &[]);
    let report = outcome.report();
    assert!(!report.holds(), "{:?} {:?}", report.questions, report.controls);
    assert_eq!(sums(&outcome), (number("7"), number("189.70")));
    let mut stores: Vec<_> = outcome.main_rows().filter_map(|row| row.store.clone()).collect();
    stores.sort();
    assert_eq!(stores, ["Lyon", "Lyon", "Paris"]);
    assert_eq!(outcome.rows[0].period.end().to_string(), "2026-03-31");
}

#[test]
fn months_side_by_side_become_periods() {
    let text = "Kaufhaus Umsatz EUR;;;;\nFiliale;Januar 2026;Februar 2026;März 2026;Summe\nJena;100,50;200,00;300,00;600,50\nErfurt;10,00;;30,25;40,25\n";
    let outcome = read("acme 2026.csv", text, &[], &[]);
    assert!(!outcome.report().holds(), "{:?} {:?}", outcome.report().questions, outcome.report().controls);
    assert_eq!(sums(&outcome).1, number("640.75"));
    assert_eq!(outcome.report().periods.len(), 3);
}

#[test]
fn tables_that_are_no_sales_are_refused_with_the_reason() {
    for (name, text) in [
        ("targets.csv", "Store,Month,Target amount\nJena,2026-01,100.00\nErfurt,2026-01,200.00\n"),
        ("prices.csv", "EAN,Product,List price\n4006381333931,Candle,29.90\n4002432117310,Oil,45.00\n"),
        ("stock.csv", "EAN,Product,Stock on hand\n4006381333931,Candle,12\n4002432117310,Oil,4\n"),
        (
            "konto.csv",
            "Buchungstag;Verwendungszweck;IBAN;Betrag;Saldo\n02.03.2026;Rechnung;DE00;-12,00;88,00\n03.03.2026;Lohn;DE00;100,00;188,00\n",
        ),
        (
            "fx.csv",
            "Date,Open,High,Low,Close\n2026-03-02,1.10,1.20,1.00,1.15\n2026-03-03,1.15,1.21,1.10,1.16\n",
        ),
    ] {
        assert_eq!(read(name, text, &[], &[]).refusal(), "not_sales", "{name}");
    }
}

#[test]
fn what_would_be_read_wrongly_is_held() {
    for (name, text) in [
        // A row for each measure.
        (
            "lines.csv",
            "EAN;Artikel;;Jena;Erfurt\n4006381333931;Kerze;Menge;1;2\n;;Umsatz EUR;10,00;20,00\n4002432117310;Duft;Menge;3;4\n;;Umsatz EUR;30,00;40,00\n",
        ),
        // Amounts of several currencies in one column.
        (
            "signs.csv",
            "Date,EAN,Units Sold,Net Sales\n2026-03-17,4006381333931,1,£10.00\n2026-03-18,4006381333931,1,€12.00\n2026-03-19,4002432117310,1,£10.00\n",
        ),
        // Pieces and money have changed places.
        (
            "swapped.csv",
            "Date,EAN,Quantity,Sales EUR\n2026-03-17,4006381333931,29.90,1\n2026-03-18,4006381333931,59.80,2\n2026-03-19,4002432117310,45.50,1\n2026-03-19,4002432117310,45.50,1\n",
        ),
    ] {
        let outcome = read(name, text, &[], &[]);
        let held = outcome.report.as_ref().map_or(true, Report::holds);
        assert!(held, "{name}: {:?}", outcome.rows);
    }
}

#[test]
fn a_word_of_a_type_column_that_nobody_knows_is_asked_for() {
    let text = "Date,Order ID,SKU,Quantity,Amount EUR,Type\n2026-03-17,1,S-1,1,10.00,Sale\n2026-03-18,2,S-1,1,10.00,Refund\n2026-03-19,3,S-2,1,10.00,Zorble\n";
    let outcome = read("lines.csv", text, &[], &[]);
    let question = &outcome.report().questions[0];
    assert_eq!((question.id.as_str(), question.code.as_str()), ("line_type/zorble", "row_type_unknown"));
    let answered = read("lines.csv", text, &[("line_type/zorble", "ignore")], &[]);
    assert!(!answered.report().holds());
    assert_eq!(sums(&answered), (number("0"), number("0.00")));
}

#[test]
fn a_new_column_that_changes_what_rows_mean_is_not_read_past() {
    let first = read("acme march.csv", TILL, &[], &[]);
    let profile = Profile::from_json(&first.report().proposal.as_ref().unwrap().profile).unwrap();
    for (header, cell) in
        [("Buchungsart", "Storno"), ("Währung", "CHF"), ("Rabatt", "5,00"), ("Status", "offen")]
    {
        let text = TILL.replace("Menge;", &format!("{header};Menge;"));
        let text = text
            .replace("Duftkerze;", &format!("Duftkerze;{cell};"))
            .replace("Raumduft;", &format!("Raumduft;{cell};"));
        let text = text.replace("Summe;;;;", "Summe;;;;;");
        let outcome = read("acme april.csv", &text, &[], std::slice::from_ref(&profile));
        let report = outcome.report.as_ref();
        assert!(
            report.is_err() || report.is_ok_and(|report| report.layout.as_deref() == Some("generic")),
            "{header}"
        );
    }
    let harmless = TILL.replace("Menge;", "Farbe;Menge;").replace("Duftkerze;", "Duftkerze;rot;");
    let harmless = harmless.replace("Raumduft;", "Raumduft;blau;").replace("Summe;;;;", "Summe;;;;;");
    let outcome = read("acme april.csv", &harmless, &[], std::slice::from_ref(&profile));
    assert_eq!(outcome.report().layout.as_deref(), Some("acme@1"));
    assert!(!outcome.report().holds());
}

#[test]
fn columns_with_the_same_header_can_be_chosen_by_their_order() {
    let text = "Datum;EAN;Menge;Total;Total\n\
        17.03.2026;4006381333931;2;59,80 EUR;71,16 EUR\n\
        18.03.2026;4002432117310;1;29,90 EUR;35,58 EUR\n\
        19.03.2026;4006381333931;3;89,70 EUR;106,74 EUR\n";
    let asked = read("acme.csv", text, &[], &[]);
    let question = asked.report().questions.first().unwrap();
    let values: Vec<&str> = question.options.iter().map(|option| option.value.as_str()).collect();
    assert_eq!((question.id.as_str(), &values[..]), ("amount", &["Total #1", "Total #2"][..]));
    let told = read("acme.csv", text, &[("amount", "Total #2")], &[]);
    assert!(!told.report().holds(), "{:?}", told.report().questions);
    assert_eq!(sums(&told), (number("6"), number("213.48")));
    let profile = Profile::from_json(&told.report().proposal.as_ref().unwrap().profile).unwrap();
    let next = read("acme 2.csv", text, &[], &[profile]);
    assert_eq!(sums(&next), (number("6"), number("213.48")));
}

#[test]
fn units_that_no_list_price_values_are_a_visible_gap() {
    let text = "Datum;EAN;Artikel;Menge\n17.03.2026;4006381333931;Duftkerze;2\n18.03.2026;4002432117310;Raumduft;1\n";
    let product = Product {
        ean: "4006381333931".to_owned(),
        sku: None,
        name: Some("Duftkerze".to_owned()),
        category: None,
        kind: ProductKind::Regular,
        size: None,
        active: true,
    };
    let known = ReferenceData { products: vec![product], ..ReferenceData::default() };
    let outcome = read_knowing("acme.csv", text, &[], &[], &Reference::new(&known));
    let warnings: Vec<&str> = outcome.report().warnings.iter().map(|warning| warning.code.as_str()).collect();
    assert!(warnings.contains(&"list_price_missing"), "{warnings:?} {:?}", outcome.report().questions);
}
