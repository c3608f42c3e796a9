//! Tables whose figures stand side by side, as the vendors with such files may print them.

use std::{fs, path::PathBuf};

use domain::StoreKind;
use rust_decimal::Decimal;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

use crate::system::{Outcome, read, read_with};

const EANS: [&str; 3] = ["9529843000349", "9529843000356", "4006381333931"];

/// A sheet as lines of cells; numbers where they look like numbers, dates where they are written `@2026-01-31`.
type Sheet<'a> = (&'a str, Vec<String>);

fn lines(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|line| (*line).to_owned()).collect()
}

fn write(file: &str, sheets: &[Sheet<'_>]) -> PathBuf {
    let date = Format::new().set_num_format("yyyy-mm-dd");
    let mut book = Workbook::new();
    for (name, lines) in sheets {
        let sheet = book.add_worksheet().set_name(*name).unwrap();
        for (row, line) in (0..).zip(lines) {
            for (column, cell) in (0..).zip(line.split('|').map(str::trim)) {
                match (cell.strip_prefix('@'), cell.parse::<f64>()) {
                    (Some(day), _) => {
                        let day = ExcelDateTime::parse_from_str(day).unwrap();
                        sheet.write_with_format(row, column, day, &date).unwrap();
                    }
                    (None, Ok(number)) if cell.len() < 12 => {
                        sheet.write(row, column, number).unwrap();
                    }
                    _ if cell.is_empty() => {}
                    _ => {
                        sheet.write(row, column, cell).unwrap();
                    }
                }
            }
        }
    }
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("grids");
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join(file);
    book.save(&path).unwrap();
    path
}

fn sums(outcome: &Outcome) -> (usize, Decimal, Decimal) {
    outcome.main_rows().fold((0, Decimal::ZERO, Decimal::ZERO), |(count, quantity, amount), row| {
        let add = |sum: Decimal, figure: Option<Decimal>| sum + figure.unwrap_or_default();
        (count + 1, add(quantity, row.quantity), add(amount, row.amount_local))
    })
}

fn assert_booked(outcome: &Outcome, vendor: &str, count: usize, quantity: i64, amount: &str) {
    let report = outcome.report();
    let failed: Vec<_> = report.controls.iter().filter(|control| !control.ok).collect();
    assert!(!report.holds(), "{:?} {failed:?}", report.questions);
    assert_eq!(report.vendor.as_deref(), Some(vendor));
    assert_eq!(sums(outcome), (count, quantity.into(), amount.parse().unwrap()), "{:?}", report.rejects);
}

fn question(outcome: &Outcome) -> &str {
    let report = outcome.report.as_ref().unwrap_or_else(|refusal| panic!("{refusal:?}"));
    report.questions.first().map_or("", |question| question.code.as_str())
}

fn cdlc() -> Vec<String> {
    lines(&[
        "",
        "|2027 May||E-shop||Lithuania||||Latvia||Total",
        "|||||Vilnius A||Kaunas B||Riga C",
        "|||Qty|Sum Eur|Qty|Sum Eur|Qty|Sum Eur|Qty|Sum Eur|Qty|Sum Eur",
        &format!("|{}|Rose EDP 100 ml|1|196.0007|||2|392.5|||3|588.5007", EANS[0]),
        &format!("|{}|Iris EDP 100 ml|||-1|-196.25|||3|588|2|391.75", EANS[1]),
        "|Total||1|196.0007|-1|-196.25|2|392.5|3|588|5|980.2507",
    ])
}

fn read_cdlc(file: &str, sheet: &str, name: &str, lines: Vec<String>) -> Outcome {
    read(&write(file, &[(sheet, lines)]), name)
}

#[test]
fn stores_under_their_countries_become_rows_and_totals_controls() {
    let outcome = read_cdlc("cdlc.xlsx", "2027 05", "ROSAMUNDE_Sell_Out_2027 05.xlsx", cdlc());
    assert_booked(&outcome, "cdlc", 4, 5, "980.2507");
    let rows: Vec<_> = outcome.main_rows().collect();
    let place = |index: usize| {
        let row = rows[index];
        (row.store.as_deref(), row.store_kind, row.country.as_deref(), row.source.column.as_deref())
    };
    assert_eq!(place(0), (Some("E-shop"), Some(StoreKind::Online), None, Some("D")));
    assert_eq!(place(1), (Some("Kaunas B"), Some(StoreKind::Physical), Some("Lithuania"), Some("H")));
    assert_eq!(rows[0].amount_local.unwrap().to_string(), "196.0007", "decimals are kept");
    assert_eq!(rows[0].period.end().to_string(), "2027-05-31");
    let cells: Vec<_> = outcome.report().controls.iter().filter_map(|control| control.cell.clone()).collect();
    for cell in ["L5", "M5", "D7", "G7", "L7", "M7"] {
        assert!(cells.iter().any(|other| other == cell), "{cell} is proven");
    }
}

#[test]
fn titles_notes_blank_columns_and_other_words_do_not_matter() {
    let mut shifted: Vec<String> = lines(&["Monthly report", "", "prepared by the retail team"]);
    shifted.extend(cdlc().iter().map(|line| format!("|{line}")));
    shifted.extend(lines(&["", "Please report differences within a week."]));
    let outcome = read_cdlc("shifted.xlsx", "2027 05", "ROSAMUNDE_Sell_Out_2027_05 (2).xlsx", shifted);
    assert_booked(&outcome, "cdlc", 4, 5, "980.2507");
    let words = cdlc().iter().map(|line| line.replace("Qty", " QUANTITY ")).collect();
    assert_booked(&read_cdlc("words.xlsx", "2027 05", "CDLC may 2027.xlsx", words), "cdlc", 4, 5, "980.2507");
    let german = cdlc().iter().map(|line| line.replace("Total", "Gesamtsumme")).collect();
    assert_booked(
        &read_cdlc("german.xlsx", "2027 05", "CDLC 2027 05.xlsx", german),
        "cdlc",
        4,
        5,
        "980.2507",
    );
}

#[test]
fn three_places_that_state_the_month_must_agree() {
    let conflict = read_cdlc("conflict.xlsx", "2027 05", "CDLC_Sell_Out_2027 06.xlsx", cdlc());
    assert_eq!(question(&conflict), "period_conflict");
    assert_eq!(conflict.report().questions[0].options.len(), 2);
    let path = write("conflict.xlsx", &[("2027 05", cdlc())]);
    let settled = read_with(&path, "CDLC_Sell_Out_2027 06.xlsx", &[("period", "2027-05-01/2027-05-31")]);
    assert_booked(&settled, "cdlc", 4, 5, "980.2507");
    assert_booked(&read(&path, "renamed.xlsx"), "cdlc", 4, 5, "980.2507");
    let silent = cdlc().iter().map(|line| line.replace("2027 May", "")).collect();
    assert_eq!(question(&read_cdlc("silent.xlsx", "Sheet1", "CDLC.xlsx", silent)), "period_missing");
}

#[test]
fn altered_totals_missing_totals_and_swapped_columns_wait_for_a_person() {
    for (from, to) in
        [("|3|588.5007", "|3|588.6"), ("|5|980.2507", "|6|980.2507"), ("|2|392.5|||", "|3|392.5|||")]
    {
        let altered: Vec<String> = cdlc().iter().map(|line| line.replacen(from, to, 1)).collect();
        assert_ne!(altered, cdlc());
        let outcome = read_cdlc("altered.xlsx", "2027 05", "CDLC 2027 05.xlsx", altered);
        assert!(outcome.report().controls.iter().any(|control| !control.ok), "{to}");
    }
    let mut cut = cdlc();
    cut.pop();
    assert_eq!(question(&read_cdlc("cut.xlsx", "2027 05", "CDLC 2027 05.xlsx", cut)), "totals_missing");
    let swapped = cdlc()
        .iter()
        .map(|line| line.replace("Qty", "?").replace("Sum Eur", "Qty").replace('?', "Sum Eur"))
        .collect();
    let outcome = read_cdlc("swapped.xlsx", "2027 05", "CDLC 2027 05.xlsx", swapped);
    assert_eq!(question(&outcome), "figures_implausible");
}

#[test]
fn totals_in_words_that_nobody_taught_are_no_stores_and_no_products() {
    let column = |sum: &str| {
        let row = |ean: &str, name: &str| format!("|{ean}|{name}|1|10.5|2|21|3|31.5");
        lines(&[
            "||||||||",
            &format!("|2027 May||North||South||{sum}"),
            "|||Qty|Sum Eur|Qty|Sum Eur|Qty|Sum Eur",
            &row(EANS[0], "Rose"),
            &row(EANS[1], "Iris"),
            &row(EANS[2], "Lily"),
            "|Total||3|31.5|6|63|9|94.5",
        ])
    };
    let known = read_cdlc("known.xlsx", "2027 05", "CDLC.xlsx", column("Razem"));
    assert_booked(&known, "cdlc", 6, 9, "94.5");
    let unknown = read_cdlc("unknown.xlsx", "2027 05", "CDLC.xlsx", column("Viskas"));
    assert_eq!(question(&unknown), "column_ambiguous");
    let row: Vec<String> =
        column("Total").iter().map(|line| line.replace("|Total||3", "||Viskas|3")).collect();
    assert_booked(&read_cdlc("row.xlsx", "2027 05", "CDLC.xlsx", row), "cdlc", 6, 9, "94.5");
}

#[test]
fn a_sale_that_equals_the_sum_of_those_before_it_is_a_sale() {
    let book = |name: &str, row: &str| {
        let lines = [
            "functional_name|month|year|price|quantity|currency".to_owned(),
            "Rose|1|2026|10|1|EUR".to_owned(),
            "Iris|1|2026|10|2|EUR".to_owned(),
            "Lily|1|2026|10|3|EUR".to_owned(),
            row.to_owned(),
            "Fern|2|2026|10|1|EUR".to_owned(),
        ];
        read(&write(name, &[("Blad1", lines.to_vec())]), "galilu.xlsx")
    };
    assert_booked(&book("coincidence.xlsx", "Moss|1|2026|10|6|EUR"), "galilu", 5, 13, "130");
    let dates = |last: &str| {
        let header = "OrderDate|EAN|Product Name|Quantity|Amount (ZAR)|Reseller".to_owned();
        let line = |day: u32, quantity: u32| {
            format!("1/{day}/2027|{}|Rose|{quantity}|{}|Skins SA", EANS[0], quantity * 4800)
        };
        let lines = vec![header, line(24, 1), line(25, 2), line(26, 3), last.to_owned()];
        read(&write("dates.xlsx", &[("Sheet1", lines)]), "skins_sa_orders_2027.xlsx")
    };
    assert_booked(&dates("1/27/2027||Moss|6|28800|Skins SA"), "skins_sa", 4, 12, "57600");
    assert_booked(&dates("||Viskas|6|28800|"), "skins_sa", 3, 6, "28800");
}

fn aromateque(months: [&str; 2]) -> Vec<String> {
    let [first, second] = months;
    vec![
        format!("|Store|{first}|{second}|total"),
        "|Lviv|1|3|4".to_owned(),
        "|Online|1|1|2".to_owned(),
        "|total|2|4|6".to_owned(),
        format!("||{first}|{second}|total|Total in euro"),
        "ROSE PARFUM Marble Market 100 ML|AVMM100|2|1|3|588".to_owned(),
        "ROSE PARFUM Unknown 30 ML|ZZZ30||3|3|360".to_owned(),
    ]
}

#[test]
fn units_are_valued_by_list_price_and_proven_by_the_printed_euro() {
    for months in [
        ["@2026-01-01", "@2026-02-01"],
        ["січня-26", "лютого-26"],
        ["Jan 2026", "Feb 2026"],
        ["46023", "46054"],
        ["01/01/2026", "01/02/2026"],
        ["styczeń 2026", "luty 2026"],
    ] {
        let path = write("units.xlsx", &[("TDSheet", aromateque(months))]);
        let outcome = read(&path, "rose sales february'26.xlsx");
        assert_booked(&outcome, "aromateque", 3, 6, "948");
        let ends: Vec<_> = outcome.main_rows().map(|row| row.period.end().to_string()).collect();
        assert_eq!(ends, ["2026-01-31", "2026-02-28", "2026-02-28"], "{months:?}");
        assert!(outcome.report().warnings.is_empty());
        // The catalogue has no price for the last product: the printed euro gives it.
        let derived: Vec<bool> = outcome.main_rows().map(|row| row.derived.is_some()).collect();
        assert_eq!(derived, [true, true, false]);
        assert_eq!(outcome.rows.iter().filter(|row| row.cut.0 == "store_month").count(), 4);
    }
    let wrong =
        aromateque(["@2026-01-01", "@2026-02-01"]).iter().map(|line| line.replace("588", "589")).collect();
    let outcome = read(&write("euro.xlsx", &[("TDSheet", wrong)]), "rose sales.xlsx");
    let failed: Vec<_> = outcome.report().controls.iter().filter(|control| !control.ok).collect();
    assert_eq!((failed.len(), failed[0].cell.as_deref()), (1, Some("F6")));
}

#[test]
fn two_cuts_that_differ_hold_the_file_and_a_name_older_than_its_columns_is_a_warning() {
    let months = ["@2026-01-01", "@2026-02-01"];
    let lost: Vec<String> = aromateque(months).into_iter().filter(|line| !line.contains("Unknown")).collect();
    let outcome = read(&write("lost.xlsx", &[("TDSheet", lost)]), "rose sales february'26.xlsx");
    assert!(outcome.report().controls.iter().any(|c| !c.ok && c.name.starts_with("Sum of cut store_month")));
    let path = write("older.xlsx", &[("TDSheet", aromateque(months))]);
    let older = read(&path, "rose sales january'26 (5).xlsx");
    assert_eq!(older.report().warnings[0].code, "name_and_columns_differ");
    assert!(!older.report().holds());
}

fn galilu() -> Vec<(&'static str, Vec<String>)> {
    vec![
        (
            "YoY",
            lines(&[
                "||value in PLN||||volume",
                "||months|2025|2026|MoM||months|2025|2026|MoM",
                "||jan|400|900|||jan|1|3|",
                "||feb||450|-0.5||feb||1|-0.6",
                "||total|400|1350|||total|1|4|",
            ]),
        ),
        (
            "monthly sellout",
            lines(&[
                "|value (PLN)|||||volume",
                "|2026|jan|feb|Total|share|2026|jan|feb|Total",
                "|Sopot|450|450|900|0.66|Sopot|1|1|2",
                "|online|450||450|0.33|online|2||2",
                "|Total|900|450|1350||Total|3|1|4",
                "|MoM",
                "",
                "|2025|jan|feb|Total|share|2025|jan|feb|Total",
                "|Sopot|400||400|1|Sopot|1||1",
                "|Total|400||400||Total|1||1",
                "|MoM",
                "by size",
                "|||||2025|size|offline|online|total",
                "||||||30 ml|1|2|3",
            ]),
        ),
        (
            "product ranking_2026",
            lines(&[
                "2026|Jan|Feb|Total",
                "Marble Market EDP 100ML|1|1|2",
                "Augusta  Noon EDP 100 ml |2||2",
                "Total|3|1|4",
            ]),
        ),
        (
            "product ranking_2024-25",
            lines(&[
                "|2024|||2025",
                "Product|december|TOTAL 2024|january|TOTAL ",
                "Augusta Noon EDP 100 ml|3|3|1|1",
            ]),
        ),
        (
            "Split_by_store_2026",
            lines(&[
                "2026|Jan|Total",
                "Brama Sopot|1|1",
                "Marble Market EDP 100ML|1|1",
                "www|2|2",
                "Augusta Noon EDP 100 ml|2|2",
                "Total|3|3",
            ]),
        ),
    ]
}

#[test]
fn three_cuts_blocks_of_years_and_sections_are_told_apart_and_proven() {
    let outcome = read(&write("galilu.xlsx", &galilu()), "rose_sellout_Galilu_2026_02.xlsx");
    assert_booked(&outcome, "galilu", 3, 4, "0");
    assert!(outcome.main_rows().all(|row| row.amount_local.is_none() && row.product_ean.is_some()));
    let cut = |name: &str| {
        let rows = outcome.rows.iter().filter(|row| row.cut.0 == name);
        rows.fold((0, Decimal::ZERO, Decimal::ZERO), |(count, quantity, amount), row| {
            let add = |sum: Decimal, figure: Option<Decimal>| sum + figure.unwrap_or_default();
            (count + 1, add(quantity, row.quantity), add(amount, row.amount_local))
        })
    };
    assert_eq!(cut("store_month"), (3, 4.into(), 1350.into()));
    assert_eq!(cut("history_store_month"), (1, 1.into(), 400.into()));
    assert_eq!(cut("store_product_month"), (2, 3.into(), 0.into()));
    assert_eq!(cut("history_product_month"), (2, 4.into(), 0.into()));
    let web = outcome.rows.iter().find(|row| row.store.as_deref() == Some("www")).unwrap();
    assert_eq!(web.store_kind, Some(StoreKind::Online));
    let years: Vec<_> = outcome
        .rows
        .iter()
        .filter(|row| row.cut.0 == "history_product_month")
        .map(|row| row.period.end().to_string())
        .collect();
    assert_eq!(years, ["2024-12-31", "2025-01-31"]);
}

#[test]
fn every_sheet_of_galilu_is_a_proof_of_the_others() {
    for (sheet, from, to) in [
        ("YoY", "jan|1|3|", "jan|1|4|"),
        ("YoY", "|1350|||total", "|1351|||total"),
        ("monthly sellout", "|Sopot|450|450|900", "|Sopot|450|460|910"),
        ("monthly sellout", "|Sopot|1|1|2", "|Sopot|1|2|3"),
        ("product ranking_2026", "ml |2||2", "ml |2|1|3"),
        ("Split_by_store_2026", "www|2|2", "www|3|3"),
        ("Split_by_store_2026", "Total|3|3", "Total|4|4"),
    ] {
        let mut sheets = galilu();
        let (_, lines) = sheets.iter_mut().find(|(name, _)| *name == sheet).unwrap();
        let before = lines.clone();
        for line in lines.iter_mut() {
            *line = line.replacen(from, to, 1);
        }
        assert_ne!(*lines, before, "{from}");
        let outcome = read(&write("proof.xlsx", &sheets), "Galilu 2026.xlsx");
        assert!(outcome.report().controls.iter().any(|control| !control.ok), "{sheet}: {to}");
    }
}

#[test]
fn the_year_of_months_may_stand_in_one_place_but_not_differently_in_two() {
    let with = |year: &str| {
        let mut sheets = galilu();
        sheets[2].1[0] = format!("{year}|Jan|Feb|Total");
        read(&write("year.xlsx", &sheets), "Galilu.xlsx")
    };
    assert_booked(&with(""), "galilu", 3, 4, "0");
    let conflict = with("2027");
    assert_eq!(question(&conflict), "period_conflict");
    let values: Vec<_> = conflict.report().questions[0].options.iter().map(|o| o.value.as_str()).collect();
    assert_eq!(values, ["2027", "2026"]);
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("grids/year.xlsx");
    let settled = read_with(&path, "Galilu.xlsx", &[("period", "2026")]);
    assert_booked(&settled, "galilu", 3, 4, "0");
}

fn selfridges() -> Vec<String> {
    lines(&[
        "SELFRIDGES & CO | Supplier weekly sales".replace('|', "/").as_str(),
        "|||London||Online||Total",
        "Week|Week Ending|Product|Sales £|Qty|Sales £|Qty|Sales £|Qty",
        "WK1|@2027-01-09|87270767 - marble market edpno colour100ml|173|1|||173|1",
        "WK1|@2027-01-09|99 - unheard of|||-70|-2|-70|-2",
        "WK1 Total|||173|1|-70|-2|103|-1",
        "WK2|@2027-01-16|87270767 - marble market edpno colour100ml|346|2|||346|2",
        "WK2 Total|||346|2|||346|2",
        "WK3|@2027-01-23|87270767 - marble market edpno colour100ml",
        "Grand Total|||||||449|1",
    ])
}

#[test]
fn weeks_end_on_the_printed_day_and_template_rows_are_no_sales() {
    let outcome = read(&write("weeks.xlsx", &[("Weekly Sales 2027", selfridges())]), "weekly.xlsx");
    assert_booked(&outcome, "selfridges", 3, 1, "449");
    let rows: Vec<_> = outcome.main_rows().collect();
    assert_eq!(
        (rows[0].period.start().to_string(), rows[0].period.end().to_string()),
        ("2027-01-03".into(), "2027-01-09".into())
    );
    assert_eq!(rows[0].product_ean.as_deref(), Some(EANS[0]));
    assert_eq!((rows[1].product_ean.as_deref(), rows[1].vendor_product_code.as_deref()), (None, Some("99")));
    assert_eq!(outcome.report().periods.len(), 2, "a week that nobody filled in is not stated");
    for (from, to) in [("|346|2|||346|2", "|346|3|||346|3"), ("449|1", "450|1")] {
        let altered: Vec<String> = selfridges().iter().map(|line| line.replacen(from, to, 1)).collect();
        let outcome =
            read(&write("weeks altered.xlsx", &[("Weekly Sales 2027", altered)]), "Selfridges.xlsx");
        assert!(outcome.report().holds(), "{to}");
    }
}

#[test]
fn every_sale_of_skins_keeps_its_day_and_the_month_column_settles_the_order() {
    let header =
        "Branch|OrderDate|StockCode|OrderQty|StockDescription|NetSalesValue| ExVatNetsales|MONTH|YEAR";
    let line =
        |date: &str, month: u32| format!("SKINS A|{date}|{}|1|Rose EDP|950|826,09|{month}|2027", EANS[0]);
    let online = format!("ON|3/2/2027|{}|-1|Rose EDP|-950|-   826,09 |3|2027", EANS[0]);
    let voucher = "SKINS A|3/5/2027||1|GIFT VOUCHER|0|    -    |3|2027".to_owned();
    let us = vec![header.to_owned(), line("3/4/2027", 3), line("3/4/2027", 3), online, voucher];
    let outcome = read(&write("skins us.xlsx", &[("ROSE", us)]), "export.xlsx");
    assert_booked(&outcome, "skins_sa", 3, 1, "826.09");
    let days: Vec<_> = outcome.main_rows().map(|row| row.sale_date.unwrap().to_string()).collect();
    assert_eq!(days, ["2027-03-04", "2027-03-04", "2027-03-02"], "equal rows are separate sales");
    let last = outcome.main_rows().last().unwrap();
    assert_eq!(
        (last.store_kind, last.period.end().to_string()),
        (Some(StoreKind::Online), "2027-03-31".into())
    );
    let day_first = vec![header.to_owned(), line("4/3/2027", 3), line("5/3/2027", 3)];
    let outcome = read(&write("skins days.xlsx", &[("ROSE", day_first)]), "Skins SA.xlsx");
    assert_eq!(outcome.main_rows().next().unwrap().sale_date.unwrap().to_string(), "2027-03-04");
    let both = vec![header.to_owned(), line("3/4/2027", 3), line("5/3/2027", 3)];
    assert_eq!(
        question(&read(&write("skins both.xlsx", &[("ROSE", both)]), "Skins SA.xlsx")),
        "date_ambiguous"
    );
}

#[test]
fn the_habit_of_a_country_does_not_turn_thousands_into_decimals() {
    let header = "OrderDate|EAN|Product Name|Quantity|Amount (ZAR)|Reseller".to_owned();
    let line = |amount: &str| format!("1/24/2027|{}|Rose|1|{amount}|Skins SA", EANS[0]);
    let book = |name: &str, amounts: &[&str]| {
        let lines = [vec![header.clone()], amounts.iter().map(|amount| line(amount)).collect()].concat();
        read(&write(name, &[("Sheet1", lines)]), "skins_sa_orders_2027.xlsx")
    };
    assert_eq!(question(&book("two readings.xlsx", &["4,800", "2,650"])), "number_ambiguous");
    assert_booked(&book("settled.xlsx", &["4,800", "2,650.50"]), "skins_sa", 2, 2, "7450.50");
    assert_booked(&book("thousands.xlsx", &["R4.800", "R2.650"]), "skins_sa", 2, 2, "7450");
}

#[test]
fn header_words_that_everybody_uses_need_the_vendors_name() {
    let lines = |header: &str| vec![header.to_owned(), format!("2027|4|Shop|{}|2|161.98", EANS[0])];
    let own = lines("YEAR|MONTH|POS|EAN|QTY|AMOUNT");
    let synonyms = lines("Year|Month|Store|EAN|Quantity|Net amount");
    assert_booked(&read(&write("own.xlsx", &[("Hoja1", own)]), "x.xlsx"), "boxnox", 1, 2, "161.98");
    let path = write("synonyms.xlsx", &[("Hoja1", synonyms)]);
    assert_booked(&read(&path, "Boxnox April.xlsx"), "boxnox", 1, 2, "161.98");
    assert!(read(&path, "april.xlsx").report().questions.iter().any(|q| q.code == "vendor_unknown"));
}

#[test]
fn a_letter_and_a_number_head_weeks_where_they_follow_each_other() {
    let text = "Sorties caisses 2026;;;;\nCode EAN;Libellé;S10;S11;Total\n\
        4006381333931;Bougie;1;2;3\n4002432117310;Savon;4;1;5\n";
    let outcome = crate::unknown::read("acme.csv", text, &[("measure", "quantity")], &[]);
    assert!(!outcome.report().holds(), "{:?}", outcome.report().questions);
    let weeks: Vec<String> = outcome.main_rows().map(|row| row.period.start().to_string()).collect();
    assert_eq!(weeks, ["2026-03-02", "2026-03-09", "2026-03-02", "2026-03-09"]);
}
