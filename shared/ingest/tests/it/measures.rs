//! Pieces and money of an item in rows or blocks of their own.

use ingest::Profile;
use proptest::prelude::*;

use crate::{
    system::Outcome,
    unknown::{codes, number, read, sums},
};

const LINES: &str = "Abverkauf März 2026;;;;;\n\
    ;;;Filiale;;\n\
    EAN;Artikel;;Gera;Suhl;Summe\n\
    4006381333931;Duftkerze;Menge;5;8;13\n\
    ;;Umsatz EUR;175,00;280,00;455,00\n\
    4002432117310;Raumduft;Menge;11;;11\n\
    ;;Umsatz EUR;665,50;;665,50\n\
    Summe;;Menge;16;8;24\n\
    ;;Umsatz EUR;840,50;280,00;1.120,50\n";

fn again(first: &Outcome, name: &str, text: &str) -> Outcome {
    let profile = Profile::from_json(&first.report().proposal.as_ref().unwrap().profile).unwrap();
    read(name, text, &[], &[profile])
}

#[test]
fn pieces_and_money_in_rows_of_their_own_are_one_row() {
    let outcome = read("acme.csv", LINES, &[], &[]);
    let report = outcome.report();
    assert!(!report.holds(), "{:?} {:?}", report.questions, report.controls);
    assert_eq!(sums(&outcome), (number("24"), number("1120.50")));
    let rows: Vec<_> = outcome.main_rows().collect();
    assert_eq!(rows.len(), 3);
    assert!(rows.iter().all(|row| row.quantity.is_some() && row.amount_local.is_some()));
    assert_eq!((rows[0].store.as_deref(), rows[0].currency.as_str()), (Some("Gera"), "EUR"));
    assert!(report.controls.len() >= 8 && report.controls.iter().all(|control| control.ok));
    let next = again(&outcome, "acme 2.csv", &LINES.replace("März", "April"));
    assert!(!next.report().holds(), "{:?}", next.report().questions);
    assert_eq!(sums(&next), sums(&outcome));
}

#[test]
fn a_row_of_another_measure_is_asked_about_and_never_counted() {
    let first = read("acme.csv", LINES, &[], &[]);
    let other = LINES.replace("Summe;;Menge", "4002432117310;Raumduft;Bestand neu;3;4;7\nSumme;;Menge");
    let profile = Profile::from_json(&first.report().proposal.as_ref().unwrap().profile).unwrap();
    let held = read("acme.csv", &other, &[], std::slice::from_ref(&profile));
    assert_eq!(codes(held.report()), ["row_type_unknown"]);
    let answers = [("measure/bestand neu", "ignore")];
    let told = read("acme.csv", &other, &answers, &[profile]);
    assert!(!told.report().holds(), "{:?}", told.report().questions);
    assert_eq!(sums(&told), (number("24"), number("1120.50")));
}

#[test]
fn pieces_may_stand_far_above_the_money_of_the_same_names() {
    let text = "Store;EAN;KPI;Value\n\
        Soho;4006381333931;Units;5\n\
        Soho;4002432117310;Units;2\n\
        Camden;4006381333931;Units;1\n\
        Soho;4006381333931;Sales GBP;50.50\n\
        Camden;4006381333931;Sales GBP;10.10\n\
        Soho;4002432117310;Sales GBP;30.00\n\
        Soho;4006381333931;Stock;99\n";
    let outcome = read("acme 2026-03.csv", text, &[], &[]);
    let report = outcome.report();
    assert!(!report.holds(), "{:?} {:?}", report.questions, report.controls);
    assert_eq!(sums(&outcome), (number("8"), number("90.60")));
    assert_eq!(outcome.main_rows().count(), 3);
}

const BLOCKS: &str = "Sell-out 2026\n\
    Units sold\n\
    EAN;Product;January;February;Total\n\
    4006381333931;Candle;1;2;3\n\
    4002432117310;Diffuser;4;;4\n\
    Total;;5;2;7\n\
    \n\
    Sales GBP incl. VAT\n\
    EAN;Product;January;February;Total\n\
    4006381333931;Candle;10.00;20.00;30.00\n\
    4002432117310;Diffuser;80.00;;80.00\n\
    Total;;90.00;20.00;110.00\n";

#[test]
fn blocks_of_pieces_and_money_are_one_table() {
    let outcome = read("acme.csv", BLOCKS, &[], &[]);
    let report = outcome.report();
    assert!(!report.holds(), "{:?} {:?}", report.questions, report.controls);
    assert_eq!(sums(&outcome), (number("7"), number("110")));
    let rows: Vec<_> = outcome.main_rows().collect();
    assert_eq!(rows.len(), 3);
    assert_eq!((rows[0].vat_included, rows[0].currency.as_str()), (Some(true), "GBP"));
    let stock = "Stock\nEAN;Product;January;February;Total\n4006381333931;Candle;9;9;18\n";
    let next = again(&outcome, "acme 2.csv", &BLOCKS.replace("Units sold", &format!("{stock}Units sold")));
    assert!(!next.report().holds(), "{:?} {:?}", next.report().questions, next.report().controls);
    assert_eq!(sums(&next), sums(&outcome));
}

#[test]
fn a_block_of_stock_below_is_no_sale() {
    let first = read("acme.csv", BLOCKS, &[], &[]);
    let stock = "Stock\nEAN;Product;January;February;Total\n4006381333931;Candle;9;9;18\nTotal;;9;9;18\n";
    let next = again(&first, "acme 2.csv", &format!("{BLOCKS}\n{stock}"));
    assert!(!next.report().holds(), "{:?} {:?}", next.report().questions, next.report().controls);
    assert_eq!(sums(&next), (number("7"), number("110")));
}

#[test]
fn blocks_that_nothing_tells_apart_are_held() {
    let untitled = BLOCKS.replace("Units sold\n", "").replace("Sales GBP incl. VAT\n", "");
    let outcome = read("acme.csv", &untitled, &[("currency", "GBP"), ("measure", "amount")], &[]);
    assert!(outcome.report.is_err() || outcome.report().holds());
}

#[test]
fn a_block_with_other_columns_is_refused_where_the_layout_has_blocks() {
    let first = read("acme.csv", BLOCKS, &[], &[]);
    let at = BLOCKS.rfind("January").unwrap();
    let other = format!("{}March{}", &BLOCKS[..at], &BLOCKS[at + "January".len()..]);
    let next = again(&first, "acme 2.csv", &other);
    assert!(next.report.is_err() || next.report().holds());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Whatever the order of its rows, a file with one measure a row comes to what was sold.
    #[test]
    fn items_are_put_together_in_any_order(
        items in prop::collection::vec((1u32..40, 1u32..9_000), 3..20),
        money_last in any::<bool>(),
    ) {
        let name = |at: usize| format!("Soho;Candle {at}");
        let pieces = |at: usize, units: u32| format!("{};Units;{units}\n", name(at));
        let money = |at: usize, cents: u32| format!("{};Sales GBP;{}.{:02}\n", name(at), cents / 100, cents % 100);
        let mut text = "Store;Product;KPI;Value\n".to_owned();
        if money_last {
            items.iter().enumerate().for_each(|(at, (units, _))| text.push_str(&pieces(at, *units)));
            items.iter().enumerate().rev().for_each(|(at, (_, cents))| text.push_str(&money(at, *cents)));
        } else {
            for (at, (units, cents)) in items.iter().enumerate() {
                text.push_str(&pieces(at, *units));
                text.push_str(&money(at, *cents));
            }
        }
        let outcome = read("acme 2026-03.csv", &text, &[], &[]);
        let report = outcome.report();
        prop_assert!(report.controls.iter().all(|control| control.ok));
        let units: u32 = items.iter().map(|(units, _)| units).sum();
        let cents: u32 = items.iter().map(|(_, cents)| cents).sum();
        if !report.holds() {
            prop_assert_eq!(outcome.main_rows().count(), items.len());
            prop_assert_eq!(sums(&outcome), (units.into(), rust_decimal::Decimal::new(cents.into(), 2)));
        }
    }
}
