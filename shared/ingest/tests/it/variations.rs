//! The layouts of the shipped vendors as other seasons, brands and exports may print them, written by code.

use std::{
    fs,
    io::{Read, Write},
    path::PathBuf,
};

use domain::{Reference, StoreKind};
use ingest::{Input, Profiles, parse};
use rust_decimal::Decimal;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};

use crate::system::{Outcome, read, read_with, test_data};

const EANS: [&str; 3] = ["9529843000349", "0298430001210", "4006381333931"];

fn save(mut book: Workbook, name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("variations");
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    book.save(&path).unwrap();
    path
}

/// Writes a table whose cells are numbers where they look like numbers.
fn fill(sheet: &mut Worksheet, first_row: u32, rows: &[Vec<String>]) {
    for (row, cells) in (first_row..).zip(rows) {
        for (column, text) in (0..).zip(cells) {
            match text.parse::<f64>() {
                _ if text.is_empty() => {}
                Ok(number) if text.len() < 12 => {
                    sheet.write(row, column, number).unwrap();
                }
                _ => {
                    sheet.write(row, column, text).unwrap();
                }
            }
        }
    }
}

fn rows(texts: &[&str]) -> Vec<Vec<String>> {
    texts.iter().map(|line| line.split('|').map(|cell| cell.trim().to_owned()).collect()).collect()
}

fn assert_taken(outcome: &Outcome, vendor: &str, count: usize, quantity: i64, amount: &str) {
    let report = outcome.report();
    assert!(
        !report.holds(),
        "{:?} {:?}",
        report.questions,
        report.controls.iter().filter(|c| !c.ok).collect::<Vec<_>>()
    );
    assert_eq!(report.vendor.as_deref(), Some(vendor));
    let sums = outcome.main_rows().fold((Decimal::ZERO, Decimal::ZERO), |(q, a), row| {
        (q + row.quantity.unwrap_or_default(), a + row.amount_local.unwrap_or_default())
    });
    assert_eq!(
        (outcome.main_rows().count(), sums),
        (count, (quantity.into(), amount.parse().unwrap())),
        "{report:?}"
    );
}

#[test]
fn boxnox_with_titles_notes_other_columns_and_another_order_is_read() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("Hoja1").unwrap();
    fill(sheet, 0, &rows(&["ROSAMUNDE sell-out", "", "exported 3 May 2027"]));
    fill(
        sheet,
        4,
        &rows(&[
            "Region | sku | Amount | Qty | EAN  | Pos | Channel | Month | Year | Comment",
            &format!("North | X1 | 1.161,98 | 2 | {} | Tienda Uno | Retail | 4 | 2027 | ", EANS[0]),
            &format!("North | X1 | -80,99 | -1 | {} | Tienda ONLINE | Retail | 5 | 2027 | back", EANS[0]),
            &format!("South | X2 | 16,20 | 0 | {} | Tienda Dos | Retail | 5 | 2027 | ", EANS[2]),
            "South | | 0,00 | 6 | | Tienda Dos | Retail | 5 | 2027 | BOLSA",
            "TOTAL | | 1.097,19 | 1",
            "",
            "Please report differences within a week.",
        ]),
    );
    let outcome = read(&save(book, "boxnox.xlsx"), "copy of report final.xlsx");
    assert_taken(&outcome, "boxnox", 3, 1, "1097.19");
    let rows: Vec<_> = outcome.main_rows().collect();
    assert_eq!(rows[1].store_kind, Some(StoreKind::Online));
    assert_eq!(rows[2].product_ean.as_deref(), Some(EANS[2]), "a valid EAN that no catalogue knows is kept");
    assert_eq!(rows[0].period.start().to_string(), "2027-04-01");
    let counts = outcome.report().rows;
    assert_eq!(counts.read, counts.accepted + counts.rejected + counts.ignored);
}

#[test]
fn a_total_row_that_does_not_tie_holds_the_file() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    fill(
        sheet,
        0,
        &rows(&[
            "YEAR|MONTH|CHANNEL|POS|EAN|QTY|AMOUNT",
            &format!("2027|4|Retail|Uno|{}|2|161.98", EANS[0]),
            "Total | | | | | 2 | 161.97",
        ]),
    );
    let outcome = read(&save(book, "untied.xlsx"), "BOXNOX APR2027.xlsx");
    let failed: Vec<_> = outcome.report().controls.iter().filter(|control| !control.ok).collect();
    assert!(outcome.report().holds());
    assert_eq!(failed.len(), 1);
    assert_eq!(
        (failed[0].cell.as_deref(), failed[0].expected.to_string(), failed[0].actual.to_string()),
        (Some("G3"), "161.97".into(), "161.98".into())
    );
}

#[test]
fn web_shop_lines_keep_their_keys_in_a_later_export() {
    let date = Format::new().set_num_format("dd/mm/yyyy hh:mm");
    let export = |name: &str, from: usize| {
        let lines = [(1, 1, 9001, "1"), (1, 1, 9001, "1"), (2, 3, 9002, "2"), (5, 6, 9001, "-1")];
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        fill(
            sheet,
            0,
            &rows(&[
                "Customer IP|Order ID|Order\nDate|Product EAN|Quantity|Sales  EUR|Country|Customer e-mail",
            ]),
        );
        for (row, (day, _, order, quantity)) in (1..).zip(lines.iter().skip(from)) {
            fill(
                sheet,
                row,
                &rows(&[&format!("10.0.0.1|{order}||{}|{quantity}|{quantity}9.5|DE|a@b.example", EANS[0])]),
            );
            sheet.write_with_format(row, 2, ExcelDateTime::from_ymd(2027, 3, *day).unwrap(), &date).unwrap();
        }
        read(&save(book, name), "export.xlsx")
    };
    let all = export("orders.xlsx", 0);
    assert_taken(&all, "online", 4, 3, "49");
    let keys = |outcome: &Outcome| {
        outcome.main_rows().map(|row| row.order.clone().unwrap().line_key).collect::<Vec<_>>()
    };
    let all_keys = keys(&all);
    assert_eq!(all_keys.iter().collect::<std::collections::BTreeSet<_>>().len(), 4, "{all_keys:?}");
    assert_eq!(keys(&export("later.xlsx", 2)), all_keys[2..]);
    assert!(!format!("{:?}", all.rows).contains("a@b.example"), "personal data is never read out");
}

#[test]
fn skins_with_other_locations_and_whole_euro_texts_is_read_and_proven() {
    let book = |total: &str| {
        let mut book = Workbook::new();
        fill(book.add_worksheet().set_name("Info").unwrap(), 0, &rows(&["Brand|Month", "ROSAMUNDEP|11"]));
        fill(
            book.add_worksheet().set_name("SalesPerSKU").unwrap(),
            0,
            &rows(&[
                "Article|EANCode|SalesQuantity|SalesAmount|SalesAmountSPLY|SalesQuantitySPLY|SalesQuantityVariance",
                &format!("1 - Tester Rose EDP 100ml|{}|1|€ 49|||", EANS[2]),
                &format!("2 - Rose EDP|{}|30|€ 1.040|€ 10|1|−18,1%", EANS[0]),
                &format!("3 - Sold last year only|{}|||€ 10|1|", EANS[0]),
            ]),
        );
        fill(
            book.add_worksheet().set_name("SalesPerLocation").unwrap(),
            0,
            &rows(&[
                "Location|SalesAmount|SalesQuantity",
                "7 - Kade|€ 1.000|29",
                "9 - Webshop|€ 89|2",
                &format!("Total|{total}|31"),
            ]),
        );
        book
    };
    let outcome = read(&save(book("€ 1.089"), "skins.xlsx"), "ROSAMUNDEP_ReportPeriod11-2026 (2).xlsx");
    assert_taken(&outcome, "skins_nl", 2, 31, "1089");
    assert!(outcome.report().warnings.is_empty());
    let last_year: Vec<_> = outcome.rows.iter().filter(|row| row.cut.0 == "last_year").collect();
    assert_eq!((last_year.len(), last_year[0].period.start().to_string()), (2, "2025-11-01".into()));
    assert_eq!(outcome.rows.iter().filter(|row| row.cut.0 == "store").count(), 2);
    let held = read(&save(book("€ 1.090"), "skins untied.xlsx"), "ROSAMUNDEP_ReportPeriod11-2026.xlsx");
    assert!(held.report().holds());
}

#[test]
fn a_month_that_nothing_states_is_asked_for_and_the_answer_is_taken() {
    let mut book = Workbook::new();
    fill(
        book.add_worksheet().set_name("SalesPerSKU").unwrap(),
        0,
        &rows(&["Article|EANCode|SalesAmount|SalesQuantity", &format!("2 - Rose EDP|{}|10|1", EANS[0])]),
    );
    let path = save(book, "no month.xlsx");
    let outcome = read(&path, "renamed.xlsx");
    assert_eq!(outcome.report().vendor.as_deref(), Some("skins_nl"));
    assert_eq!(outcome.report().questions[0].code, "period_missing");
    let settled = read_with(&path, "renamed.xlsx", &[("period", "2026-11-01/2026-11-30")]);
    assert_taken(&settled, "skins_nl", 1, 1, "10");
}

/// A liberty report with any stores and items, and what may be altered in it.
struct Liberty<'a> {
    stores: &'a [&'a str],
    items: usize,
    title: bool,
    alter: Option<&'a str>,
}

impl Liberty<'_> {
    fn figures(&self, item: usize, store: usize) -> (i64, i64) {
        let quantity = i64::try_from((item * 3 + store * 5) % 4).unwrap() - 1;
        (quantity, quantity * 50 + if item.is_multiple_of(5) { 10 } else { 0 })
    }

    fn cells(&self, lead: &str, of: impl Fn(usize) -> (i64, i64)) -> String {
        let mut cells: Vec<String> = vec![lead.to_owned()];
        let mut all = (0, 0);
        for store in 0..self.stores.len() {
            let (quantity, amount) = of(store);
            all = (all.0 + quantity, all.1 + amount);
            cells.extend([quantity.to_string(), amount.to_string(), "99".to_owned(), "9999".to_owned()]);
        }
        cells.extend([
            all.0.to_string(),
            all.1.to_string(),
            "99".to_owned(),
            "9999".to_owned(),
            "7".to_owned(),
        ]);
        cells.join("|")
    }

    fn lines(&self) -> Vec<String> {
        let mut band = ["||||||".to_owned(), "||||||".to_owned()];
        let mut header =
            "Retail Group|Brand|Product Group|Item ID | Colour|Item|Size".replace("ID | C", "ID / C");
        for store in self.stores.iter().chain(&["All Sales Channels"]) {
            band[0] += &format!("{store}||||");
            band[1] += "Actual||YTD||";
            header += "|Sales Qty Un|Sales Inc VAT £ |Sales Qty Un|Sales Inc VAT £";
        }
        let mut lines: Vec<String> =
            if self.title { vec!["Weekly report".into(), String::new()] } else { Vec::new() };
        lines.extend([
            band[0].trim_end_matches('|').into(),
            band[1].trim_end_matches('|').into(),
            header + "|Stock Qty Un",
        ]);
        let (half, group) = (self.items / 2, ["CANDLES", "FRAGRANCE"]);
        for item in 0..self.items {
            let label = match item {
                0 => format!("G1|ROSE|{}", group[0]),
                _ if item == half => format!("||{}", group[1]),
                _ => "||".to_owned(),
            };
            lines.push(format!("{label}|{item:09} / 98|ITEM {item}|"));
            lines.push(self.cells("|||||ONE", |store| self.figures(item, store)));
            lines.push(self.cells(&format!("||||{item:09} / 98 Total|"), |store| self.figures(item, store)));
            if item + 1 == half || item + 1 == self.items {
                let (from, to, name) =
                    if item + 1 == half { (0, half, group[0]) } else { (half, self.items, group[1]) };
                lines.push(self.cells(&format!("||{name} Total|||"), |store| self.sum(from..to, store)));
            }
        }
        lines.push(self.cells("Grand Total|||||", |store| self.sum(0..self.items, store)));
        lines
    }

    fn sum(&self, items: std::ops::Range<usize>, store: usize) -> (i64, i64) {
        items.map(|item| self.figures(item, store)).fold((0, 0), |sum, f| (sum.0 + f.0, sum.1 + f.1))
    }

    fn read(&self, name: &str) -> Outcome {
        let mut lines = self.lines();
        if let Some(marker) = self.alter {
            let line = lines.iter_mut().find(|line| line.contains(marker)).unwrap();
            *line = line
                .rsplit_once("|99|")
                .map(|(left, right)| format!("{}|1|99|{right}", left.rsplit_once('|').unwrap().0))
                .unwrap();
        }
        let cells: Vec<Vec<String>> = lines
            .iter()
            .map(|line| line.split('|').map(|cell| cell.replace(" / ", " | ")).collect())
            .collect();
        let mut book = Workbook::new();
        fill(book.add_worksheet().set_name("Report").unwrap(), 0, &cells);
        read(&save(book, name), "Continuity Supplier Size Report 07_03_2027.xlsx")
    }
}

#[test]
fn liberty_with_other_stores_items_groups_and_titles_is_read_and_proven() {
    for (stores, items, title) in [
        (&["Flagship", "Internet"][..], 7, false),
        (&["Soho", "Web Shop", "Heathrow"], 30, true),
        (&["Flagship"], 2, true),
    ] {
        let report = Liberty { stores, items, title, alter: None };
        let outcome = report.read(&format!("liberty {items}.xlsx"));
        let all = (0..stores.len())
            .map(|store| report.sum(0..items, store))
            .fold((0, 0), |s, f| (s.0 + f.0, s.1 + f.1));
        let sold = (0..items).flat_map(|item| (0..stores.len()).map(move |store| (item, store)));
        let count = sold.filter(|(item, store)| report.figures(*item, *store) != (0, 0)).count();
        assert_taken(&outcome, "liberty", count, all.0, &all.1.to_string());
        assert_eq!(outcome.report().periods[0].period.end().to_string(), "2027-03-06");
        let web = outcome.main_rows().filter(|row| row.store_kind == Some(StoreKind::Online));
        assert_eq!(web.count() > 0, stores.len() > 1);
        assert!(
            outcome
                .report()
                .controls
                .iter()
                .filter(|control| control.name.starts_with("CANDLES Total"))
                .count()
                >= 4
        );
    }
}

#[test]
fn any_altered_total_of_a_liberty_report_holds_it() {
    for marker in ["000000003 / 98 Total", "|ONE|", "CANDLES Total", "Grand Total"] {
        let report =
            Liberty { stores: &["Flagship", "Internet"], items: 9, title: false, alter: Some(marker) };
        assert!(report.read("liberty altered.xlsx").report().holds(), "{marker}");
    }
}

#[test]
fn a_liberty_report_that_was_cut_off_waits_for_a_person() {
    let report = Liberty { stores: &["Flagship"], items: 4, title: false, alter: None };
    let lines = report.lines();
    let cells: Vec<Vec<String>> = lines[..lines.len() - 1]
        .iter()
        .map(|line| line.split('|').map(|cell| cell.replace(" / ", " | ")).collect())
        .collect();
    let mut book = Workbook::new();
    fill(book.add_worksheet(), 0, &cells);
    let outcome = read(&save(book, "cut.xlsx"), "Continuity Supplier Size Report 07_03_2027.xlsx");
    assert_eq!(outcome.report().questions[0].code, "totals_missing");
}

#[test]
fn a_misspelt_date_is_only_taken_where_one_reading_is_a_sunday() {
    let report = Liberty { stores: &["Flagship"], items: 4, title: false, alter: None };
    report.read("typo.xlsx");
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("variations/typo.xlsx");
    let taken = read(&path, "Continuity Supplier Size Report 7_32027.xlsx");
    assert_eq!(taken.report().warnings[0].code, "date_in_doubt");
    assert_eq!(taken.report().periods[0].period.start().to_string(), "2027-02-28");
    let open = read(&path, "Continuity Supplier Size Report 8_32027.xlsx");
    assert_eq!(
        (open.report().questions[0].code.as_str(), open.report().questions[0].options.len()),
        ("date_in_doubt", 1)
    );
    let missing = read(&path, "report.xlsx");
    assert_eq!(missing.report().vendor.as_deref(), Some("liberty"));
    assert_eq!(missing.report().questions[0].code, "period_missing");
}

#[test]
fn a_rate_that_is_missing_leaves_a_visible_gap() {
    let report = Liberty { stores: &["Flagship"], items: 4, title: false, alter: None };
    report.read("rates.xlsx");
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("variations/rates.xlsx");
    let outcome = read(&path, "Continuity Supplier Size Report 04_03_2029.xlsx");
    assert_eq!(outcome.report().warnings[0].code, "fx_rate_missing");
    assert!(
        outcome.report().warnings[0].message.contains("GBP in 2029-03"),
        "{:?}",
        outcome.report().warnings
    );
    assert!(outcome.main_rows().all(|row| row.amount_eur.is_none() && row.rate.is_none()));
}

/// A sample workbook with one text of one part exchanged.
fn altered(sample: &str, part: &str, from: &str, to: &str) -> PathBuf {
    let mut source = zip::ZipArchive::new(fs::File::open(test_data().join(sample)).unwrap()).unwrap();
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(part.replace('/', "-"));
    let mut target = zip::ZipWriter::new(fs::File::create(&path).unwrap());
    for index in 0..source.len() {
        let mut entry = source.by_index(index).unwrap();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        let name = entry.name().unwrap().into_owned();
        if name == part {
            let text = String::from_utf8(bytes).unwrap();
            assert!(text.contains(from), "{part} has no {from}");
            bytes = text.replacen(from, to, 1).into_bytes();
        }
        target.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        target.write_all(&bytes).unwrap();
    }
    target.finish().unwrap();
    path
}

#[test]
fn a_sibling_sheet_that_says_otherwise_holds_the_file() {
    let name = "Continuity Supplier Size Report 04_01_2026.xlsm";
    let sample = format!("files/liberty/{name}");
    // Product Group Analysis: revenue of the candles in the flagship store.
    let path = altered(&sample, "xl/worksheets/sheet3.xml", "<v>343.1</v>", "<v>344.1</v>");
    let outcome = read(&path, name);
    let failed: Vec<&str> =
        outcome.report().controls.iter().filter(|c| !c.ok).map(|c| c.name.as_str()).collect();
    assert_eq!(failed, ["CANDLES / Flagship Actual / amount"]);
    assert!(outcome.report().holds());
}

#[test]
fn a_vendor_of_a_known_shape_is_read_by_a_profile_alone() {
    let profile = r#"
        vendor = "drogerie"
        name = "Drogerie"
        version = 2
        currency = "EUR"
        vat_included = true

        [[layouts]]
        name = "daily sales"
        document = "snapshot"
        period = { from = "date" }

        [[layouts.tables]]
        cut = "main"
        required = ["date", "store", "ean", "quantity", "amount"]
        columns = { date = ["datum"], store = ["filiale"], ean = ["gtin"], quantity = ["menge"], amount = ["umsatz brutto"] }
    "#;
    let text = format!(
        "Auswertung\n\nFiliale;Datum;GTIN;Menge;Umsatz (brutto)\nKöln;17.4.2027;{};2;1.161,98 €\nSumme;;;2;1.161,98 €\n",
        EANS[0]
    );
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("drogerie.csv");
    fs::write(&path, text).unwrap();
    let profiles = Profiles::parse([("drogerie", profile)]).unwrap();
    let input = Input { path: &path, file_name: "export.csv", vendor_hint: None, answers: &[] };
    let mut rows = Vec::new();
    let report = parse(&input, &profiles, &Reference::default(), &mut |row| rows.push(row.clone()));
    assert_taken(&Outcome { rows, report }, "drogerie", 1, 2, "1161.98");
}
