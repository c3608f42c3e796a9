//! What would be wrong without anybody noticing: a person is asked, or the file itself proves what is meant.

use std::fs;

use domain::{LineClass, Question, Reference, Report};
use ingest::{Input, Profile, Profiles, parse};
use rust_xlsxwriter::{Format, Workbook};

use crate::{
    system::Outcome,
    unknown::{codes, number, read, sums},
};

fn asked<'r>(report: &'r Report, id: &str) -> &'r Question {
    let found = report.questions.iter().find(|question| question.id == id);
    found.unwrap_or_else(|| panic!("{id} is not asked: {:?}", report.questions))
}

fn options(question: &Question) -> Vec<&str> {
    question.options.iter().map(|option| option.value.as_str()).collect()
}

fn assert_booked(outcome: &Outcome, quantity: &str, amount: &str) {
    let report = outcome.report();
    assert!(!report.holds(), "{:?} {:?}", report.questions, report.controls);
    assert_eq!(sums(outcome), (number(quantity), number(amount)));
}

fn stores(outcome: &Outcome) -> Vec<String> {
    outcome.main_rows().map(|row| row.store.clone().unwrap_or_default()).collect()
}

fn learned(outcome: &Outcome) -> Profile {
    Profile::from_json(&outcome.report().proposal.as_ref().unwrap().profile).unwrap()
}

/// A workbook of one sheet whose amounts, in the last column, are formatted as money.
fn money(name: &str, lines: &[&str], format: &str, answers: &[(&str, &str)]) -> Outcome {
    let format = Format::new().set_num_format(format);
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, line) in (0..).zip(lines) {
        let cells: Vec<&str> = line.split(';').collect();
        for (column, cell) in (0..).zip(&cells) {
            match cell.parse::<f64>() {
                Ok(figure) if usize::from(column) + 1 == cells.len() => {
                    sheet.write_with_format(row, column, figure, &format).unwrap();
                }
                Ok(figure) if cell.len() < 12 => {
                    sheet.write(row, column, figure).unwrap();
                }
                _ => {
                    sheet.write(row, column, *cell).unwrap();
                }
            }
        }
    }
    let path = std::env::temp_dir().join(format!("silent-{}-{name}", std::process::id()));
    fs::write(&path, book.save_to_buffer().unwrap()).unwrap();
    let answers: Vec<(String, String)> =
        answers.iter().map(|(id, value)| ((*id).to_owned(), (*value).to_owned())).collect();
    let input = Input { path: &path, file_name: name, vendor_hint: Some("acme"), answers: &answers };
    let mut rows = Vec::new();
    let report = parse(&input, &Profiles::shipped().unwrap(), &Reference::default(), &mut |row| {
        rows.push(row.clone());
    });
    fs::remove_file(&path).unwrap();
    Outcome { rows, report }
}

const SCATTERED: &str = "Store,EAN,Product,Units,Sales GBP\n\
    Soho,4006381333931,Candle,2,60.00\n\
    Soho,4002432117310,Diffuser,1,30.00\n\
    ,4012345678901,Soap,1,10.00\n\
    Bath,4006381333931,Candle,1,30.00\n\
    Bath,4002432117310,Diffuser,2,60.00\n";

#[test]
fn a_store_that_is_missing_between_two_stores_is_asked_for() {
    let outcome = read("acme 2026-03.csv", SCATTERED, &[], &[]);
    assert_eq!(codes(outcome.report()), ["store_missing"]);
    let question = asked(outcome.report(), "blank_stores");
    assert_eq!(options(question), ["above", "none", "sums"]);
    assert_eq!(question.cell.as_deref(), Some("A4"));
    for (answer, amount, third) in [("above", "190", "Soho"), ("none", "190", ""), ("sums", "180", "Bath")] {
        let told = read("acme 2026-03.csv", SCATTERED, &[("blank_stores", answer)], &[]);
        assert!(!told.report().holds(), "{answer}: {:?}", told.report().questions);
        assert_eq!(sums(&told).1, number(amount), "{answer}");
        assert_eq!(stores(&told)[2], third, "{answer}");
        let next = read("acme 2026-04.csv", SCATTERED, &[], &[learned(&told)]);
        assert!(!next.report().holds(), "{answer} is remembered: {:?}", next.report().questions);
        assert_eq!(stores(&next), stores(&told));
    }
}

#[test]
fn a_blank_between_rows_of_one_store_is_that_store() {
    let text = SCATTERED.replace("Soap,1,10.00\n", "Soap,1,10.00\nSoho,4012345678918,Oil,1,5.00\n");
    let outcome = read("acme 2026-03.csv", &text, &[], &[]);
    assert_booked(&outcome, "8", "195");
    assert_eq!(stores(&outcome)[2], "Soho");
}

#[test]
fn a_store_that_comes_again_without_order_does_not_hold_on() {
    let text = "Store,EAN,Product,Units,Sales GBP\n\
        Soho,4006381333931,Candle,2,60.00\n\
        ,4006381333931,Candle,1,30.00\n\
        Bath,4006381333931,Candle,1,30.00\n\
        Soho,4002432117310,Diffuser,1,30.00\n\
        ,4002432117310,Diffuser,1,30.00\n\
        Bath,4002432117310,Diffuser,1,30.00\n";
    assert_eq!(codes(read("acme 2026-03.csv", text, &[], &[]).report()), ["store_missing"]);
}

#[test]
fn rows_without_a_store_that_are_the_sums_of_the_others_do_not_count() {
    let text = "Product,EAN,Store,Units,Sales GBP\n\
        Candle,4006381333931,,3,90.00\n\
        Candle,4006381333931,Soho,2,60.00\n\
        Candle,4006381333931,Bath,1,30.00\n\
        Soap,4012345678901,,1,10.00\n\
        Soap,4012345678901,Bath,1,10.00\n";
    let outcome = read("acme 2026-03.csv", text, &[], &[]);
    assert_booked(&outcome, "4", "100");
}

#[test]
fn a_learned_layout_asks_for_stores_that_are_missing_for_the_first_time() {
    let first = read("acme 2026-03.csv", &SCATTERED.replace("\n,", "\nSoho,"), &[], &[]);
    assert_booked(&first, "7", "190");
    let next = read("acme 2026-04.csv", SCATTERED, &[], &[learned(&first)]);
    assert_eq!(codes(next.report()), ["store_missing"]);
}

const REFUNDS: &str = "Store,EAN,Product,Units sold,Units refunded,Gross sales EUR,Refunds EUR\n\
    Ely,4006381333931,Candle,5,1,150.00,30.00\n\
    Ely,4002432117310,Diffuser,2,0,60.00,0.00\n\
    Diss,4006381333931,Candle,0,2,0.00,60.00\n";

#[test]
fn refunds_beside_gross_sales_are_returns() {
    let outcome = read("acme 2026-03.csv", REFUNDS, &[], &[]);
    assert_booked(&outcome, "4", "120");
    let returns: Vec<_> = outcome
        .main_rows()
        .filter(|row| row.line_class == LineClass::Return)
        .map(|row| row.quantity)
        .collect();
    assert_eq!(returns, [Some(number("-1")), Some(number("-2"))]);
    let next = read("acme 2026-04.csv", &REFUNDS.replace("30.00\n", "-30.00\n"), &[], &[learned(&outcome)]);
    assert_booked(&next, "4", "120");
}

#[test]
fn refunds_beside_sales_of_which_nothing_says_whether_they_are_taken_off_are_asked_about() {
    let text = REFUNDS.replace("Gross sales", "Revenue");
    let outcome = read("acme 2026-03.csv", &text, &[], &[]);
    assert_eq!(options(asked(outcome.report(), "returns")), ["before", "after"]);
    for (answer, quantity, amount) in [("before", "4", "120"), ("after", "7", "210")] {
        let told = read("acme 2026-03.csv", &text, &[("returns", answer)], &[]);
        assert_booked(&told, quantity, amount);
        assert_booked(&read("acme 2026-04.csv", &text, &[], &[learned(&told)]), quantity, amount);
    }
    let pieces = text.replace(",Refunds EUR", "").replace(",30.00\n", "\n").replace(",0.00\n", "\n");
    let pieces = pieces.replace(",60.00\n", "\n");
    let outcome = read("acme 2026-03.csv", &pieces, &[], &[]);
    assert_eq!(codes(outcome.report()), ["returns_ambiguous"]);
}

#[test]
fn returns_beside_the_figures_of_a_grid_are_asked_about() {
    let text = "Ventas 01/03/2026 - 31/03/2026;;;;;;;\n;;Vigo;;;Lugo;;\n\
        EAN;Producto;Uds;Devoluciones uds;Importe EUR;Uds;Devoluciones uds;Importe EUR\n\
        4006381333931;Vela;3;1;60,00;2;0;40,00\n4002432117310;Difusor;1;0;30,00;2;0;60,00\n";
    let outcome = read("acme.csv", text, &[], &[]);
    assert_eq!(codes(outcome.report()), ["returns_ambiguous"]);
    assert_booked(&read("acme.csv", text, &[("returns", "after")], &[]), "8", "190");
    assert_booked(&read("acme.csv", &text.replace(";3;1;", ";3;0;"), &[], &[]), "8", "190");
}

const PLAIN: [&str; 4] = [
    "Store;EAN;Product;Units;Sales",
    "Soho;4006381333931;Candle;2;60",
    "Bath;4002432117310;Diffuser;1;30",
    "Bath;4006381333931;Candle;1;30",
];

#[test]
fn a_currency_in_the_format_of_cells_that_is_not_the_printed_one_is_asked_about() {
    let mut lines = PLAIN;
    lines[0] = "Store;EAN;Product;Units;Sales EUR";
    let euro = "#,##0.00 [$€-407]";
    assert_booked(&money("acme 2026-03.xlsx", &lines, euro, &[]), "4", "120");
    let pound = "[$£-809]#,##0.00";
    let outcome = money("acme 2026-03 b.xlsx", &lines, pound, &[]);
    assert_eq!(codes(outcome.report()), ["currency_conflict"]);
    assert!(options(asked(outcome.report(), "currency")).starts_with(&["EUR", "GBP"]));
    for currency in ["EUR", "GBP"] {
        let told = money("acme 2026-03 c.xlsx", &lines, pound, &[("currency", currency)]);
        assert_booked(&told, "4", "120");
        assert!(told.main_rows().all(|row| row.currency.as_str() == currency));
    }
}

#[test]
fn a_currency_that_only_the_format_of_the_cells_says_is_theirs() {
    let outcome = money("acme 2026-03 d.xlsx", &PLAIN, "\"zł\"\\ #,##0.00", &[]);
    assert_booked(&outcome, "4", "120");
    assert!(outcome.main_rows().all(|row| row.currency.as_str() == "PLN"));
}

const MONTHS: &str = "Month,Date,Store,EAN,Units,Sales GBP\n\
    March,2026-03-30,Soho,4006381333931,2,60.00\n\
    March,2026-04-01,Soho,4002432117310,1,30.00\n\
    April,2026-04-02,Bath,4006381333931,1,30.00\n\
    April,2026-04-17,Bath,4006381333931,1,30.00\n";

#[test]
fn a_month_that_contradicts_the_date_beside_it_is_asked_about() {
    let outcome = read("acme.csv", MONTHS, &[], &[]);
    assert_eq!(codes(outcome.report()), ["period_conflict"]);
    let question = asked(outcome.report(), "months");
    assert_eq!((question.cell.as_deref(), options(question)), (Some("A3"), vec!["date", "column"]));
    for (answer, start) in [("date", "2026-04-01"), ("column", "2026-03-01")] {
        let told = read("acme.csv", MONTHS, &[("months", answer)], &[]);
        assert_booked(&told, "5", "150");
        assert_eq!(told.rows[1].period.start().to_string(), start);
    }
    assert_booked(&read("acme.csv", &MONTHS.replace("March,2026-04", "April,2026-04"), &[], &[]), "5", "150");
}

#[test]
fn months_of_another_calendar_are_not_those_of_the_date() {
    let text = MONTHS.replace("Month,", "Period,").replace("March,2026-04", "April,2026-04");
    let fiscal = text.replace("March", "1").replace("April", "2").replace("Period", "Month");
    assert_booked(&read("acme.csv", &fiscal, &[], &[]), "5", "150");
}

#[test]
fn a_week_that_contradicts_the_date_beside_it_is_asked_about() {
    let text =
        MONTHS.replace("Month,", "Week,").replace("March", "14").replace("April,2026-04-02", "14,2026-04-02");
    let text = text.replace("April", "16");
    assert_booked(&read("acme.csv", &text, &[], &[]), "5", "150");
    let outcome = read("acme.csv", &text.replace("16,", "23,"), &[], &[]);
    assert_eq!(codes(outcome.report()), ["period_conflict"]);
}

const TWICE: &str = ";;Paris;;Lyon;;Paris;\nEAN;Article;Quantité;CA EUR;Quantité;CA EUR;Quantité;CA EUR\n\
    3760000000017;Bougie;2;60,00;1;30,00;2;60,00\n3760000000024;Huile;1;25,00;4;100,00;1;25,00\n";

#[test]
fn columns_of_a_grid_that_repeat_others_do_not_count_twice() {
    let outcome = read("acme mars 2026.csv", TWICE, &[], &[]);
    assert_booked(&outcome, "8", "215");
    let warned = outcome.report().warnings.iter().any(|warning| warning.code == "columns_repeated");
    assert!(warned, "{:?}", outcome.report().warnings);
}

#[test]
fn columns_of_a_grid_with_the_same_words_and_other_figures_are_asked_about() {
    let text = TWICE.replace("1;25,00\n", "3;75,00\n");
    let outcome = read("acme mars 2026.csv", &text, &[], &[]);
    assert_eq!(codes(outcome.report()), ["column_ambiguous"]);
    assert_eq!(options(asked(outcome.report(), "column")), ["first", "second", "all"]);
    for (answer, quantity, amount) in [("first", "8", "215"), ("second", "10", "265"), ("all", "13", "350")] {
        assert_booked(&read("acme mars 2026.csv", &text, &[("column", answer)], &[]), quantity, amount);
    }
}

#[test]
fn a_total_above_its_rows_is_proven_by_them() {
    let text = "Store;EAN;Artikel;Menge;Umsatz EUR\nGesamt;;;4;120,00\nJena;4006381333931;Kerze;2;60,00\n\
        Jena;4002432117310;Raumduft;1;30,00\nGera;4006381333931;Kerze;1;30,00\n";
    let outcome = read("acme 2026-03.csv", text, &[], &[]);
    assert_booked(&outcome, "4", "120");
    assert_eq!(outcome.report().controls.len(), 2);
    assert!(read("acme 2026-03.csv", &text.replace("4;120", "4;121"), &[], &[]).report().holds());
    let groups = text.replace("Gesamt;;;4;120,00\n", "Summe Jena;;;3;90,00\n");
    let groups = groups.replace("Gera;4", "Summe Gera;;;1;30,00\nGera;4");
    assert_booked(&read("acme 2026-03.csv", &groups, &[], &[]), "4", "120");
    let cut_off = groups.replace("Gera;4006381333931;Kerze;1;30,00\n", "");
    assert!(read("acme 2026-03.csv", &cut_off, &[], &[]).report().holds());
}

#[test]
fn totals_named_after_what_they_sum_up_are_no_products() {
    let text = "Store;Product;Units;Sales GBP\nSoho;Candle;2;60.00\nSoho;Diffuser;1;30.00\nSoho;Total Soho;3;90.00\n\
        Bath;Candle;1;30.00\nBath;Soap;2;20.00\nBath;Total Bath;3;50.00\n";
    assert_booked(&read("acme 2026-03.csv", text, &[], &[]), "6", "140");
    let product = text.replace("Total Bath;3;50.00", "Total Repair shampoo;3;45.00");
    assert_eq!(codes(read("acme 2026-03.csv", &product, &[], &[]).report()), ["line_ambiguous"]);
    assert_booked(&read("acme 2026-03.csv", &product, &[("lines", "sale")], &[]), "9", "185");
}

#[test]
fn blocks_side_by_side_are_read_by_their_own_words_and_names() {
    let text = "Soho;;;;Bath;;\nEAN;Units;Sales GBP;;EAN;Sales GBP;Units\n\
        4006381333931;2;60.00;;4006381333931;30.00;1\n4002432117310;1;30.00;;4002432117310;90.00;3\n";
    for text in [text.to_owned(), text.replace(";;4006381333931;30.00;1", ";;4012345678901;30.00;1")] {
        let outcome = read("acme 2026-03.csv", &text, &[], &[]);
        assert_booked(&outcome, "7", "210");
        let mut stores = stores(&outcome);
        stores.sort();
        assert_eq!(stores, ["Bath", "Bath", "Soho", "Soho"]);
    }
}

#[test]
fn blocks_of_pieces_and_money_in_different_orders_are_put_together() {
    let text = "Units;;;;Sales GBP;;\nEAN;Soho;Bath;;EAN;Soho;Bath\n\
        4006381333931;2;1;;4002432117310;30.00;90.00\n4002432117310;1;3;;4006381333931;60.00;30.00\n\
        Total;3;4;;Total;90.00;120.00\n";
    let outcome = read("acme 2026-03.csv", text, &[], &[]);
    assert_booked(&outcome, "7", "210");
    assert_eq!(outcome.main_rows().count(), 4);
    assert!(
        outcome.main_rows().all(|row| row.amount_local == row.quantity.map(|pieces| pieces * number("30")))
    );
    assert!(
        read("acme 2026-03.csv", &text.replace("90.00;120.00", "90.00;121.00"), &[], &[]).report().holds()
    );
}

#[test]
fn a_column_of_refunds_that_was_all_zero_is_not_read_past_once_it_is_not() {
    let text = REFUNDS.replace("Gross sales", "Revenue");
    let none =
        text.replace(",5,1,150.00,30.00", ",5,0,150.00,0.00").replace(",0,2,0.00,60.00", ",1,0,30.00,0");
    let first = read("acme 2026-03.csv", &none, &[], &[]);
    assert_booked(&first, "8", "240");
    assert_booked(&read("acme 2026-04.csv", &none, &[], &[learned(&first)]), "8", "240");
    let second = read("acme 2026-04.csv", &text, &[], &[learned(&first)]);
    assert!(codes(second.report()).contains(&"returns_ambiguous"), "{:?}", second.report().questions);
}

/// A workbook of sheets with lines of cells.
fn sheets(name: &str, sheets: &[(&str, &[&str])], answers: &[(&str, &str)]) -> Outcome {
    let mut book = Workbook::new();
    for (title, lines) in sheets {
        let sheet = book.add_worksheet().set_name(*title).unwrap();
        for (row, line) in (0..).zip(*lines) {
            for (column, cell) in (0..).zip(line.split(';')) {
                match cell.parse::<f64>() {
                    Ok(figure) if cell.len() < 12 => sheet.write(row, column, figure).unwrap(),
                    _ => sheet.write(row, column, cell).unwrap(),
                };
            }
        }
    }
    let path = std::env::temp_dir().join(format!("silent-{}-{name}", std::process::id()));
    fs::write(&path, book.save_to_buffer().unwrap()).unwrap();
    let answers: Vec<(String, String)> =
        answers.iter().map(|(id, value)| ((*id).to_owned(), (*value).to_owned())).collect();
    let input = Input { path: &path, file_name: name, vendor_hint: Some("acme"), answers: &answers };
    let mut rows = Vec::new();
    let report = parse(&input, &Profiles::shipped().unwrap(), &Reference::default(), &mut |row| {
        rows.push(row.clone());
    });
    fs::remove_file(&path).unwrap();
    Outcome { rows, report }
}

#[test]
fn sheets_of_one_table_are_in_the_currencies_that_they_state() {
    let header = "EAN;Product;Units;Sales";
    let outcome = sheets(
        "acme 2026-03 e.xlsx",
        &[
            ("London", &["All values in GBP", header, "4006381333931;Candle;2;60", "4002432117310;Oil;1;30"]),
            ("Dublin", &["All values in EUR", header, "4006381333931;Candle;1;35"]),
        ],
        &[],
    );
    assert!(!outcome.report().holds(), "{:?}", outcome.report().questions);
    let currencies: Vec<&str> = outcome.main_rows().map(|row| row.currency.as_str()).collect();
    assert_eq!(currencies, ["GBP", "GBP", "EUR"]);
}

#[test]
fn a_sheet_that_comes_to_all_others_is_asked_about() {
    let header = "EAN;Product;Units;Sales EUR";
    let (one, other) = ("4006381333931;Candle;2;60", "4006381333931;Candle;1;31");
    let all = [
        ("Jena", &[header, one][..]),
        ("Gera", &[header, other][..]),
        ("Thuringia", &[header, "4006381333931;Candle;3;91"][..]),
    ];
    let outcome = sheets("acme 2026-03 f.xlsx", &all, &[]);
    assert_eq!(codes(outcome.report()), ["sheet_ambiguous"]);
    assert_booked(&sheets("acme 2026-03 g.xlsx", &all, &[("sum_sheet", "Thuringia")]), "3", "91");
    assert_booked(&sheets("acme 2026-03 h.xlsx", &all, &[("sum_sheet", "*")]), "6", "182");
}

#[test]
fn sheets_of_sales_with_other_columns_are_not_passed_over() {
    let main = ["EAN;Product;Units;Sales EUR", "4006381333931;Candle;2;60", "4002432117310;Oil;1;30"];
    let lost =
        ["Barcode;Item;Brand;Qty;Value EUR", "4006381333931;Candle;x;4;120", "4002432117310;Oil;x;1;30"];
    let outcome = sheets("acme 2026-03 i.xlsx", &[("Jena", &main), ("Gera", &lost)], &[]);
    assert_eq!(codes(outcome.report()), ["sheet_ambiguous"]);
    let told = sheets("acme 2026-03 j.xlsx", &[("Jena", &main), ("Gera", &lost)], &[("others", "main")]);
    assert_booked(&told, "3", "90");
    let view = ["Barcode;Brand;Qty;Value EUR", "4006381333931;x;2;60", "4002432117310;x;1;30"];
    assert_booked(&sheets("acme 2026-03 k.xlsx", &[("Jena", &main), ("Brands", &view)], &[]), "3", "90");
}

#[test]
fn sums_named_after_stores_beside_a_column_of_stores_name_no_other_store() {
    let text = "Winkel;EAN;Omschrijving;Aantal;Omzet EUR\nTotaal alle winkels;;;4;120,00\nTotaal Utrecht;;;3;90,00\n\
        Utrecht;4006381333931;Kaars;2;60,00\nUtrecht;4002432117310;Olie;1;30,00\nTotaal Delft;;;1;30,00\n\
        Delft;4006381333931;Kaars;1;30,00\n";
    let outcome = read("acme 2026-03.csv", text, &[], &[]);
    assert_booked(&outcome, "4", "120");
    assert_eq!(stores(&outcome), ["Utrecht", "Utrecht", "Delft"]);
}

#[test]
fn rows_that_stand_where_the_table_seems_to_end_are_asked_about() {
    let header = "Store;EAN;Artikel;Menge;Umsatz EUR\n";
    let rows = "Jena;4006381333931;Kerze;2;60,00\nJena;4002432117310;Raumduft;1;30,00\nGera;4006381333931;Kerze;1;30,00\n";
    let twice = format!("{header}{rows}{header}{rows}");
    let outcome = read("acme 2026-03.csv", &twice, &[], &[]);
    assert_eq!(options(asked(outcome.report(), "twice")), ["6", "all"]);
    assert_booked(&read("acme 2026-03.csv", &twice, &[("twice", "6")], &[]), "4", "120");
    assert_booked(&read("acme 2026-03.csv", &twice, &[("twice", "all")], &[]), "8", "240");
    let below = "Artikel;Menge;Umsatz EUR\nKerze;2;60,00\nRaumduft;1;30,00\nSeife;1;30,00\nGesamt;4;120,00\n\
        Jena;3;90,00\nGera;1;30,00\n";
    let outcome = read("acme 2026-03.csv", below, &[], &[]);
    assert_eq!(options(asked(outcome.report(), "below_total")), ["6", "all"]);
    assert_booked(&read("acme 2026-03.csv", below, &[("below_total", "6")], &[]), "4", "120");
}

#[test]
fn a_learned_layout_notices_another_currency_scale_or_sheet() {
    let text = "Report in GBP;;;\nEAN;Product;Units;Sales\n4006381333931;Candle;2;60,00\n4002432117310;Oil;1;30,00\n";
    let first = read("acme 2026-03.csv", text, &[], &[]);
    assert_booked(&first, "3", "90");
    let profile = learned(&first);
    let next = |text: &str| read("acme 2026-04.csv", text, &[], std::slice::from_ref(&profile));
    assert_booked(&next(text), "3", "90");
    assert_eq!(codes(next(&text.replace("GBP", "EUR")).report()), ["currency_conflict"]);
    assert_eq!(codes(next(&text.replace("in GBP", "in GBP thousands")).report()), ["layout_unknown"]);
}

#[test]
fn taxes_and_totals_among_items_that_have_no_other_name_are_asked_about() {
    let text = "Item;Units;Amount EUR\nCandle;2;60,00\nOil;1;30,00\nSubtotal;3;90,00\nVAT 20%;;18,00\n\
        Total incl. VAT;3;108,00\n";
    assert_eq!(codes(read("acme 2026-03.csv", text, &[], &[]).report()), ["line_ambiguous"]);
    assert_booked(&read("acme 2026-03.csv", text, &[("lines", "ignore")], &[]), "3", "90");
}

#[test]
fn tables_under_names_whose_products_differ_are_asked_about() {
    let text = "Jena;;;\nEAN;Product;Units;Sales EUR\n4006381333931;Candle;2;60,00\n4002432117310;Oil;1;30,00\n\
        Gera;;;\nEAN;Product;Units;Sales EUR\n4012345678901;Soap;1;30,00\n";
    assert_eq!(codes(read("acme 2026-03.csv", text, &[], &[]).report()), ["rows_ambiguous"]);
    let told = read("acme 2026-03.csv", text, &[("sections", "store")], &[]);
    assert_booked(&told, "4", "120");
    assert_eq!(stores(&told), ["Jena", "Jena", "Gera"]);
}

#[test]
fn rows_of_groups_that_a_learned_layout_did_not_have_are_asked_about() {
    let text = "Store;EAN;Product;Units;Sales EUR\nEly;4006381333931;Candle;2;60,00\nEly;4002432117310;Oil;1;25,00\n\
        Diss;4006381333931;Candle;1;30,00\n";
    let first = read("acme 2026-03.csv", text, &[], &[]);
    let grouped = text
        .replace("Ely;4006", "Ely;;All of it;3;85,00\nEly;4006")
        .replace("Diss;4", "Diss;;Candles;1;30,00\nDiss;4");
    let below = format!("{}Diss;;Candles;1;30,00\n", text.replace("Diss;4", "Ely;;Brand;3;85,00\nDiss;4"));
    for text in [grouped, below] {
        let next = read("acme 2026-04.csv", &text, &[], &[learned(&first)]);
        assert_eq!(options(asked(next.report(), "groups")), ["sums", "sale"]);
        let told = read("acme 2026-04.csv", &text, &[("groups", "sums")], &[learned(&first)]);
        assert_booked(&told, "4", "115");
    }
}

#[test]
fn a_quarter_beside_its_months_is_their_sum() {
    let text = "EAN;Article;Jan 2026;Feb 2026;Mar 2026;Q1 2026\n4006381333931;Candle;60,50;30,00;30,00;120,50\n\
        4002432117310;Oil;25,00;40,00;10,00;75,00\n";
    let outcome = read("acme EUR.csv", text, &[("currency", "EUR")], &[]);
    assert_booked(&outcome, "0", "195.5");
    let untrue = text.replace("10,00;75,00", "10,00;76,00");
    assert!(read("acme EUR.csv", &untrue, &[("currency", "EUR")], &[]).report().holds());
}
