//! Periods, currencies and subjects that unknown files state in their own way.

use crate::unknown::{codes, number, read, sums};

const ROWS: &str = "Store;EAN;Product;Pieces;Sales EUR\n\
    Helsinki;4006381333931;Candle;2;60.00\n\
    Tampere;4002432117310;Diffuser;1;30.00\n";

fn period(text: &str) -> Option<String> {
    let outcome = read("acme.csv", text, &[], &[]);
    let report = outcome.report();
    let stated = report.periods.first().filter(|_| !report.holds() && report.periods.len() == 1)?;
    Some(format!("{}/{}", stated.period.start(), stated.period.end()))
}

#[test]
fn a_period_may_stand_in_cells_of_its_own() {
    for (title, expected) in [
        ("From;01.03.2026;To;31.03.2026\n", Some("2026-03-01/2026-03-31")),
        ("Von:;01.03.2026\nBis:;31.03.2026\n", Some("2026-03-01/2026-03-31")),
        ("Date from;2026-03-02;Date to;2026-03-08\n", Some("2026-03-02/2026-03-08")),
        ("2026年3月 売上実績\n", Some("2026-03-01/2026-03-31")),
        ("From;03/04/2026;To;05/06/2026\n", None),
        ("From;31.03.2026;To;01.03.2026\n", None),
    ] {
        assert_eq!(period(&format!("{title}{ROWS}")).as_deref(), expected, "{title}");
    }
}

#[test]
fn months_and_weeks_may_be_one_number() {
    for (header, number, expected) in [
        ("Monat", "202603", Some("2026-03-01/2026-03-31")),
        ("Semaine", "202610", Some("2026-03-02/2026-03-08")),
        ("Week", "202654", None),
    ] {
        let text = ROWS.replace("Store;EAN", &format!("{header};Store;EAN"));
        let text = text.replace("Helsinki", &format!("{number};Helsinki"));
        let text = text.replace("Tampere", &format!("{number};Tampere"));
        assert_eq!(period(&text).as_deref(), expected, "{header}");
    }
}

#[test]
fn a_time_behind_a_comma_does_not_hide_the_day() {
    let text = "Datum;Artikel;Menge;Betrag EUR\n\
        02.05.2026, 09:10;Espresso;1;3.50\n\
        14.05.2026, 18:45;Kuchen;2;9.00\n";
    let outcome = read("acme.csv", text, &[], &[]);
    let days: Vec<String> = outcome.main_rows().map(|row| row.sale_date.unwrap().to_string()).collect();
    assert_eq!(days, ["2026-05-02", "2026-05-14"]);
}

const SIGNS: &str = "Receipt,Date,EAN,Units Sold,Net Sales\n\
    100007,17/03/2026,4006381333931,1,£79.50\n\
    100041,18/03/2026,4006381333931,2,445.00 €\n\
    100052,19/03/2026,4002432117310,-2,£-417.00\n";

#[test]
fn amounts_are_in_the_currency_of_their_signs() {
    let outcome = read("acme.csv", SIGNS, &[], &[]);
    assert!(!outcome.report().holds(), "{:?}", outcome.report().questions);
    let currencies: Vec<&str> = outcome.main_rows().map(|row| row.currency.as_str()).collect();
    assert_eq!(currencies, ["GBP", "EUR", "GBP"]);
    assert_eq!(sums(&outcome), (number("1"), number("107.50")));
}

#[test]
fn an_amount_without_a_sign_among_others_is_asked_about() {
    let outcome = read("acme.csv", &SIGNS.replace("£79.50", "79.50"), &[], &[]);
    assert_eq!(codes(outcome.report()), ["currency_mixed"]);
}

#[test]
fn tables_of_other_things_are_refused_by_their_headers() {
    for text in [
        "Date,USD,JPY,CZK,GBP,HUF\n2026-03-28,1.080,160.0,24.0,0.850,390.0\n2026-03-27,1.081,160.1,24.1,0.851,390.1\n",
        "Personalnr;Name;Kostenstelle;Stunden;Brutto;Netto;Monat\n100;T P;10;160;3.200,00;2.100,00;03/2026\n101;U P;10;160;3.201,00;2.101,00;03/2026\n",
        "Belegdatum;Belegnummer;Lieferant;Netto;MwSt;Brutto;Konto;Gegenkonto\n01.03.2026;ER0;Müller;100,00;19,00;119,00;3400;70001\n02.03.2026;ER1;Müller;101,00;19,00;120,00;3400;70001\n",
        "sku,asin,product-name,your-price,sales-price,estimated-fee-total,currency\nA0,B0,Candle,39.00,39.00,9.80,EUR\nA1,B1,Soap,9.00,9.00,2.80,EUR\n",
    ] {
        assert_eq!(read("acme.csv", text, &[], &[]).refusal(), "not_sales", "{text}");
    }
}

#[test]
fn goods_and_what_was_paid_with_their_shipping_are_told_apart() {
    let text = "Numéro de commande;Intitulé de l'objet;Quantité;Vendu pour;Livraison;Prix total;Date de vente\n\
        1;Bougie;1;234,50 €;4,00 €;238,50 €;17/10/2026\n\
        2;Savon;2;90,00 €;3,50 €;93,50 €;18/10/2026\n\
        3;Diffuseur;1;12,90 €;0,00 €;12,90 €;19/10/2026\n";
    let outcome = read("acme.csv", text, &[], &[]);
    assert!(!outcome.report().holds(), "{:?}", outcome.report().questions);
    assert_eq!(sums(&outcome), (number("4"), number("337.40")));
}
