//! Rows that name what the rows around them belong to, and names that stand only where they change.

use ingest::Profile;

use crate::{
    system::Outcome,
    unknown::{codes, number, read, sums},
};

const STORES: &str = "Galerie Nord\n\
    Abverkauf 01.02.2026 - 28.02.2026\n\
    Artikelbezeichnung;EAN;Menge;Umsatz CHF\n\
    Zürich;;3;90.00\n\
    Duftkerze;4006381333931;2;60.00\n\
    Raumduft;4002432117310;1;30.00\n\
    Bern;;1;30.00\n\
    Duftkerze;4006381333931;1;30.00\n";

fn stores(outcome: &Outcome) -> Vec<String> {
    outcome.main_rows().map(|row| row.store.clone().unwrap_or_default()).collect()
}

/// What the layout of one file makes of the next one.
fn again(first: &Outcome, name: &str, text: &str) -> Outcome {
    let profile = Profile::from_json(&first.report().proposal.as_ref().unwrap().profile).unwrap();
    read(name, text, &[], &[profile])
}

#[test]
fn rows_of_stores_with_their_sums_are_controls_and_name_the_store() {
    let outcome = read("acme.csv", STORES, &[], &[]);
    let report = outcome.report();
    assert!(!report.holds(), "{:?} {:?}", report.questions, report.controls);
    assert_eq!(sums(&outcome), (number("4"), number("120")));
    assert_eq!(stores(&outcome), ["Zürich", "Zürich", "Bern"]);
    assert_eq!(report.controls.len(), 4, "pieces and money of two stores");
    let next = again(&outcome, "acme 2.csv", &STORES.replace("02.2026", "03.2026"));
    assert!(!next.report().holds(), "{:?}", next.report().questions);
    assert_eq!(stores(&next), ["Zürich", "Zürich", "Bern"]);
}

#[test]
fn a_sum_of_a_store_that_does_not_tie_holds_the_file() {
    let first = read("acme.csv", STORES, &[], &[]);
    let next = again(&first, "acme 2.csv", &STORES.replace("Bern;;1;30.00", "Bern;;2;60.00"));
    assert!(next.report().holds());
}

#[test]
fn sections_whose_products_never_come_again_are_asked_about() {
    let text = STORES.replace("Duftkerze;4006381333931;1;30.00\n", "Seife;4012345678901;1;30.00\n");
    let outcome = read("acme.csv", &text, &[], &[]);
    assert_eq!(codes(outcome.report()), ["rows_ambiguous"]);
    for (answer, store) in [("store", "Zürich"), ("group", "")] {
        let told = read("acme.csv", &text, &[("sections", answer)], &[]);
        assert!(!told.report().holds(), "{:?}", told.report().questions);
        assert_eq!(sums(&told), (number("4"), number("120")), "{answer}");
        assert_eq!(stores(&told)[0], store);
    }
}

#[test]
fn groups_within_stores_are_told_from_stores() {
    let text = "Artikel;EAN;Menge;Umsatz EUR\n\
        Jena;;4;40.00\n\
        Kerzen;;3;30.00\n\
        Duftkerze;4006381333931;2;20.00\n\
        Teelicht;4002432117310;1;10.00\n\
        Seifen;;1;10.00\n\
        Seife;4012345678901;1;10.00\n\
        Gera;;2;20.00\n\
        Kerzen;;2;20.00\n\
        Duftkerze;4006381333931;2;20.00\n\
        Gesamtergebnis;;6;60.00\n";
    let outcome = read("acme 2026-03.csv", text, &[], &[]);
    let report = outcome.report();
    assert!(!report.holds(), "{:?} {:?}", report.questions, report.controls);
    assert_eq!(sums(&outcome), (number("6"), number("60")));
    assert_eq!(stores(&outcome), ["Jena", "Jena", "Jena", "Gera"]);
}

#[test]
fn one_column_of_stores_and_products_is_told_apart_by_its_sums() {
    let text = "Row Labels;Sum of Qty;Sum of Sales GBP\n\
        Soho;3;90.00\n\
        Candle;2;60.00\n\
        Diffuser;1;30.00\n\
        Camden;3;80.00\n\
        Candle;1;20.00\n\
        Diffuser;2;60.00\n\
        Grand Total;6;170.00\n";
    let outcome = read("acme 2026-03.csv", text, &[], &[]);
    let report = outcome.report();
    assert!(!report.holds(), "{:?} {:?}", report.questions, report.controls);
    assert_eq!(sums(&outcome), (number("6"), number("170")));
    assert_eq!(stores(&outcome), ["Soho", "Soho", "Camden", "Camden"]);
}

#[test]
fn sums_without_a_word_below_their_rows_are_no_sales() {
    let text = "Filiale;Artikel;EAN;Menge;Umsatz EUR\n\
        Jena;Duftkerze;4006381333931;2;60.00\n\
        Jena;Raumduft;4002432117310;1;30.00\n\
        Jena;;;3;90.00\n\
        Gera;Duftkerze;4006381333931;1;30.00\n\
        Gera;;;1;30.00\n";
    let outcome = read("acme 2026-03.csv", text, &[], &[]);
    let report = outcome.report();
    assert!(!report.holds(), "{:?} {:?}", report.questions, report.controls);
    assert_eq!(sums(&outcome), (number("4"), number("120")));
}

#[test]
fn names_of_stores_without_sums_hold_for_the_rows_below() {
    let text = "Report 01.02.2026 - 28.02.2026\n\
        Artikel;EAN;Menge;Umsatz EUR\n\
        Filiale: Jena;;;\n\
        Duftkerze;4006381333931;2;60.00\n\
        Raumduft;4002432117310;1;30.00\n\
        Filiale: Gera;;;\n\
        Duftkerze;4006381333931;1;30.00\n";
    let outcome = read("acme.csv", text, &[], &[]);
    assert!(!outcome.report().holds(), "{:?}", outcome.report().questions);
    assert_eq!(stores(&outcome), ["Jena", "Jena", "Gera"]);
}

#[test]
fn tables_one_below_the_other_belong_to_the_stores_above_them() {
    let text = "Camden\n\
        EAN;Product;Qty;Sales GBP\n\
        4006381333931;Candle;2;60.00\n\
        4002432117310;Diffuser;1;30.00\n\
        Total;;3;90.00\n\
        Soho\n\
        EAN;Product;Qty;Sales GBP\n\
        4006381333931;Candle;1;30.00\n\
        Total;;1;30.00\n";
    let outcome = read("acme 2026-03.csv", text, &[], &[]);
    let report = outcome.report();
    assert!(!report.holds(), "{:?} {:?}", report.questions, report.controls);
    assert_eq!(stores(&outcome), ["Camden", "Camden", "Soho"]);
    assert_eq!(sums(&outcome), (number("4"), number("120")));
}

#[test]
fn a_name_that_stands_only_where_it_changes_holds_on() {
    let text = "Filiale;EAN;Artikel;Menge;Umsatz EUR\n\
        Jena;4006381333931;Duftkerze;2;60.00\n\
        ;4002432117310;Raumduft;1;30.00\n\
        ;4012345678901;Seife;1;10.00\n\
        Gera;4006381333931;Duftkerze;1;30.00\n\
        ;4002432117310;Raumduft;1;30.00\n\
        Gesamt;;;6;160.00\n";
    let outcome = read("acme 2026-03.csv", text, &[], &[]);
    let report = outcome.report();
    assert!(!report.holds(), "{:?} {:?}", report.questions, report.controls);
    assert_eq!(stores(&outcome), ["Jena", "Jena", "Jena", "Gera", "Gera"]);
    let unsigned = read("acme 2026-03.csv", &text.replace("Gesamt;", ";"), &[], &[]);
    assert_eq!(sums(&unsigned), (number("6"), number("160")), "a sum without a word is no sale");
}

#[test]
fn a_day_that_stands_only_where_it_changes_holds_on() {
    let text = "Datum;EAN;Artikel;Menge;Umsatz EUR\n\
        17.03.2026;4006381333931;Duftkerze;2;60.00\n\
        ;4002432117310;Raumduft;1;30.00\n\
        ;4012345678901;Seife;1;10.00\n\
        18.03.2026;4006381333931;Duftkerze;1;30.00\n";
    let outcome = read("acme.csv", text, &[], &[]);
    assert!(!outcome.report().holds(), "{:?}", outcome.report().questions);
    let days: Vec<String> = outcome.main_rows().map(|row| row.sale_date.unwrap().to_string()).collect();
    assert_eq!(days, ["2026-03-17", "2026-03-17", "2026-03-17", "2026-03-18"]);
}

#[test]
fn words_in_a_column_of_eans_name_a_total_and_no_product() {
    let text = "EAN;Varenavn;Antal;Omsætning DKK\n\
        4006381333931;Duftlys;2;60.00\n\
        4002432117310;Diffuser;1;30.00\n\
        Ialt her;;3;90.00\n";
    let outcome = read("acme 2026-03.csv", text, &[], &[]);
    assert_eq!(sums(&outcome), (number("3"), number("90")));
    let altered = read("acme 2026-03.csv", &text.replace("her;;3", "her;;4"), &[], &[]);
    assert_eq!(altered.main_rows().count(), 2, "a row that names nothing is no sale");
}

#[test]
fn units_below_the_header_are_no_row() {
    let text = "Filiale;EAN;Artikel;Absatz;Umsatz\n\
        ;;;ST;CHF\n\
        Ulm;4006381333931;Duftkerze;2;60.00\n\
        ;4002432117310;Raumduft;1;30.00\n\
        ;Ergebnis;;3;90.00\n\
        Trier;4006381333931;Duftkerze;1;30.00\n\
        ;4002432117310;Raumduft;2;60.00\n\
        ;Ergebnis;;3;90.00\n\
        Gesamtergebnis;;;6;180.00\n";
    let outcome = read("acme 2026-03.csv", text, &[], &[]);
    let report = outcome.report();
    assert!(!report.holds(), "{:?} {:?}", report.questions, report.controls);
    assert_eq!(sums(&outcome), (number("6"), number("180")));
    assert_eq!(stores(&outcome), ["Ulm", "Ulm", "Trier", "Trier"]);
    assert_eq!((report.rows.rejected, report.periods[0].currency.as_str()), (0, "CHF"));
}

#[test]
fn rows_of_all_stores_beside_those_of_each_are_sums_or_asked_about() {
    let text = "Product;EAN;Store;Units;Sales GBP\n\
        Candle;4006381333931;All stores;3;90.00\n\
        Candle;4006381333931;Soho;2;60.00\n\
        Candle;4006381333931;Bath;1;30.00\n";
    let proven = read("acme 2026-03.csv", text, &[], &[]);
    assert!(!proven.report().holds(), "{:?}", proven.report().questions);
    assert_eq!(sums(&proven), (number("3"), number("90")));
    let asked = read("acme 2026-03.csv", &text.replace("Bath;1", "Bath;2"), &[], &[]);
    assert_eq!(codes(asked.report()), ["rows_ambiguous"]);
    let told = read("acme 2026-03.csv", text, &[("stores", "sums")], &[]);
    assert!(!told.report().holds(), "{:?}", told.report().questions);
    assert_eq!(sums(&told), (number("3"), number("90")));
    let next = again(&told, "acme 2026-04.csv", text);
    assert_eq!(sums(&next), (number("3"), number("90")));
}

#[test]
fn pieces_of_the_month_are_pieces() {
    let text = "Filiale;EAN;Artikel;Menge Monat;Umsatz Monat EUR;Menge kumuliert;Umsatz kumuliert EUR\n\
        Ulm;4006381333931;Duftkerze;2;60.50;9;200.00\nTrier;4002432117310;Raumduft;1;30.00;4;90.00\n";
    let outcome = read("acme März 2026.csv", text, &[], &[]);
    assert!(!outcome.report().holds(), "{:?}", outcome.report().questions);
    assert_eq!(sums(&outcome), (number("3"), number("90.50")));
}

const OF_MONTHS: &str = "Artikel;EAN;Menge;Umsatz EUR\n\
    Januar 2026;;;\nDuftkerze;4006381333931;2;60.00\nRaumduft;4002432117310;1;30.00\nSumme Januar;;3;90.00\n\
    Februar 2026;;;\nDuftkerze;4006381333931;1;30.00\nSumme Februar;;1;30.00\nGesamt;;4;120.00\n";

fn months(outcome: &Outcome) -> Vec<String> {
    outcome.main_rows().map(|row| row.period.start().format("%Y-%m").to_string()).collect()
}

#[test]
fn months_above_their_rows_are_the_periods_of_these() {
    let outcome = read("acme.csv", OF_MONTHS, &[], &[]);
    let report = outcome.report();
    assert!(!report.holds(), "{:?} {:?}", report.questions, report.controls);
    assert_eq!(sums(&outcome), (number("4"), number("120")));
    assert_eq!(months(&outcome), ["2026-01", "2026-01", "2026-02"]);
    assert_eq!(report.controls.len(), 6);
    let next = OF_MONTHS.replace("Januar", "März").replace("Februar", "April");
    let second = again(&outcome, "acme 2.csv", &next);
    assert!(!second.report().holds(), "{:?}", second.report().questions);
    assert_eq!(months(&second), ["2026-03", "2026-03", "2026-04"]);
    assert!(
        read("acme.csv", &OF_MONTHS.replace("Februar;;1;30", "Februar;;1;31"), &[], &[]).report().holds()
    );
}

#[test]
fn months_with_their_sums_above_their_rows_are_periods_and_stores_within_them_stores() {
    let text = "Artikel;EAN;Menge;Umsatz EUR\n\
        März;;3;90.00\nJena;;2;60.00\nDuftkerze;4006381333931;2;60.00\nGera;;1;30.00\nDuftkerze;4006381333931;1;30.00\n\
        April;;1;30.00\nJena;;1;30.00\nDuftkerze;4006381333931;1;30.00\n";
    let outcome = read("acme 2026.csv", text, &[], &[]);
    let report = outcome.report();
    assert!(!report.holds(), "{:?} {:?}", report.questions, report.controls);
    assert_eq!(months(&outcome), ["2026-03", "2026-03", "2026-04"]);
    assert_eq!(stores(&outcome), ["Jena", "Gera", "Jena"]);
}

#[test]
fn months_above_their_rows_that_lack_their_year_are_asked_for_it() {
    let text = OF_MONTHS.replace(" 2026", "");
    assert_eq!(codes(read("acme.csv", &text, &[], &[]).report()), ["period_missing"]);
    for (name, answers) in [("acme.csv", vec![("period", "2026")]), ("acme 2026.csv", Vec::new())] {
        let outcome = read(name, &text, &answers, &[]);
        assert!(!outcome.report().holds(), "{:?}", outcome.report().questions);
        assert_eq!(months(&outcome), ["2026-01", "2026-01", "2026-02"]);
    }
}
