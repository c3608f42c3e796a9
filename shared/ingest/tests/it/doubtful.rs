//! Lines that do not fit the table they stand in: whatever they mean, nothing is booked before a person has said so.

use std::{
    fmt::Write,
    fs,
    path::PathBuf,
    sync::atomic::{AtomicUsize, Ordering},
};

use domain::Reference;
use ingest::{Input, Profiles, parse};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

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
    read_bytes(name, text.as_bytes(), answers)
}

fn read_bytes(name: &str, bytes: &[u8], answers: &[(&str, &str)]) -> Outcome {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join(format!("doubtful {}", FILES.fetch_add(1, Ordering::Relaxed)));
    fs::write(&path, bytes).unwrap();
    let answers: Vec<(String, String)> =
        answers.iter().map(|(id, value)| ((*id).to_owned(), (*value).to_owned())).collect();
    let hint = (!bytes.starts_with(BOXNOX.as_bytes())).then_some("acme");
    let input = Input { path: &path, file_name: name, vendor_hint: hint, answers: &answers };
    let mut rows = Vec::new();
    let report = parse(&input, &Profiles::shipped().unwrap(), &Reference::default(), &mut |row| {
        rows.push(row.clone())
    });
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
    ] {
        assert_eq!(verdict(&read("acme.csv", &text, &[])), expected, "{name}");
    }
}

#[test]
fn figures_that_can_mean_two_things_are_asked() {
    let honest = honest();
    let line = |line: &str| format!("{honest}{line}\n");
    let long = "7".repeat(28);
    for (name, text, expected) in [
        ("a total beyond measure", line(&format!("Total,,,,39,{long}")), "held Total / amount"),
        (
            "an EAN among the amounts",
            line("2026-03-21,Nord,4006381333931,Candle 1,1,4006381333931"),
            "booked 20 39 780 rejected 1",
        ),
        (
            "a figure beyond measure",
            line(&format!("2026-03-21,Nord,4006381333931,Candle 1,1,{long}")),
            "booked 20 39 780 rejected 1",
        ),
        (
            "pieces with three decimals, or thousands",
            honest
                .replace(",1,20.00", ",1.000,\"20,50\"")
                .replace(",2,40.00", ",2.000,\"40,50\"")
                .replace(",3,60.00", ",3.000,\"60,50\""),
            "asked number_ambiguous",
        ),
        (
            "money and pieces of opposite signs",
            honest.replace(",20.00", ",-20.00").replace(",40.00", ",-40.00"),
            "asked figures_implausible",
        ),
        ("thousands by a sign", honest.replace("Amount EUR", "Amount €k"), "asked layout_unknown"),
        ("thousands by noughts", honest.replace("Amount EUR", "Net sales EUR 000"), "asked layout_unknown"),
        (
            "pieces, then euro",
            honest.replace("Units", "Stück").replace("Amount EUR", "Umsatz €"),
            "booked 20 39 780 rejected 0",
        ),
        ("a title with another month", format!("Sales February 2026\n{honest}"), "asked period_conflict"),
        (
            "a title with the day of the export",
            format!("Exported 02.04.2026\n{honest}"),
            "booked 20 39 780 rejected 0",
        ),
        (
            "a column with another currency",
            honest
                .replace("Product", "Currency")
                .replace("Candle 0", "USD")
                .replace("Candle 1", "USD")
                .replace("Candle 2", "USD"),
            "asked currency_conflict",
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
fn lines_among_the_products_that_are_none_are_asked_about() {
    let product = |number: u32| format!("P{number},{number},{}.00\n", number * 10);
    let table = format!("Product,Units,Amount EUR\n{}", (1..9).map(product).collect::<String>());
    for (line, expected) in [
        ("of which online,5,50.00", "asked line_ambiguous"),
        ("VAT 20%,,72.00", "asked line_ambiguous"),
        ("Shipping,1,9.90", "asked line_ambiguous"),
        ("Tax Free EDP,1,9.90", "booked 9 37 369.9 rejected 0"),
        ("Discount Queen,1,9.90", "booked 9 37 369.9 rejected 0"),
    ] {
        let text = format!("{table}{line}\n");
        assert_eq!(verdict(&read("acme march 2026.csv", &text, &[])), expected, "{line}");
    }
    let text = format!("{table}of which online,5,50.00\n");
    for (answer, expected) in
        [("ignore", "booked 8 36 360 rejected 0"), ("sale", "booked 9 41 410 rejected 0")]
    {
        assert_eq!(verdict(&read("acme march 2026.csv", &text, &[("lines", answer)])), expected, "{answer}");
    }
}

#[test]
fn the_name_of_a_file_may_contradict_its_dates() {
    for (name, expected) in [
        ("sales february 2026.csv", "asked period_conflict"),
        ("sales march 2026.csv", "booked 20 39 780 rejected 0"),
        ("sales Q1 2026.csv", "booked 20 39 780 rejected 0"),
        ("sales Sep-20-2026.csv", "booked 20 39 780 rejected 0"),
        ("sales 2026-04-02.csv", "booked 20 39 780 rejected 0"),
        ("sales 10-2026.csv", "booked 20 39 780 rejected 0"),
        ("sales 06-2026.csv", "asked period_conflict"),
    ] {
        assert_eq!(verdict(&read(name, &honest(), &[])), expected, "{name}");
    }
    let answer = [("period", "2026-03-01/2026-03-20")];
    assert_eq!(verdict(&read("sales february 2026.csv", &honest(), &answer)), "booked 20 39 780 rejected 0");
}

/// A workbook of sheets of lines; cells that look like numbers are some.
fn workbook(sheets: &[(&str, &str)], hidden: Option<&str>) -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, text) in sheets {
        let sheet = book.add_worksheet().set_name(*name).unwrap();
        sheet.set_hidden(hidden == Some(*name));
        for (row, line) in (0..).zip(text.lines()) {
            for (column, cell) in (0..).zip(line.split(',')) {
                match cell.parse::<f64>() {
                    Ok(number) if cell.len() < 12 => sheet.write(row, column, number).unwrap(),
                    _ => sheet.write(row, column, cell).unwrap(),
                };
            }
        }
    }
    book.save_to_buffer().unwrap()
}

#[test]
fn two_states_of_a_sheet_are_not_added() {
    let (first, grown) = (honest(), format!("{HEADER}\n{}", rows(22)));
    let april =
        first.replace("2026-03", "2026-04").replace(",1,20.00", ",2,40.00").replace(",3,60.00", ",2,44.00");
    let sheets = |second| [("March", first.as_str()), ("March (2)", second)];
    for (name, bytes, answers, expected) in [
        ("grown", workbook(&sheets(&grown), None), vec![], "asked sheet_ambiguous"),
        (
            "grown, the first",
            workbook(&sheets(&grown), None),
            vec![("copies", "first")],
            "booked 20 39 780 rejected 0",
        ),
        (
            "grown, both",
            workbook(&sheets(&grown), None),
            vec![("copies", "all")],
            "booked 42 82 1640 rejected 0",
        ),
        ("hidden", workbook(&sheets(&grown), Some("March (2)")), vec![], "booked 20 39 780 rejected 0"),
        ("another month", workbook(&sheets(&april), None), vec![], "booked 40 79 1604 rejected 0"),
    ] {
        assert_eq!(verdict(&read_bytes("acme.xlsx", &bytes, &answers)), expected, "{name}");
    }
}

#[test]
fn dates_that_a_program_exchanged_in_part_are_noticed() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let date = Format::new().set_num_format("dd/mm/yyyy");
    for (column, header) in (0..).zip(HEADER.split(',')) {
        sheet.write(0, column, header).unwrap();
    }
    for day in 1..=20u8 {
        let row = u32::from(day);
        // The third of each month is what a program that puts the month first makes of the days of March.
        match day {
            ..=12 => sheet.write_with_format(row, 0, ExcelDateTime::from_ymd(2026, day, 3).unwrap(), &date),
            _ => sheet.write(row, 0, format!("{day}/03/2026")),
        }
        .unwrap();
        for (column, text) in [(1, "Nord"), (2, "4006381333931"), (3, "Candle")] {
            sheet.write(row, column, text).unwrap();
        }
        sheet.write(row, 4, 1).unwrap();
        sheet.write(row, 5, 20.5).unwrap();
    }
    let bytes = book.save_to_buffer().unwrap();
    assert_eq!(verdict(&read_bytes("acme.xlsx", &bytes, &[])), "asked date_ambiguous");
    for (answer, last) in [("swapped", "2026-03-20"), ("kept", "2026-12-03")] {
        let outcome = read_bytes("acme.xlsx", &bytes, &[("dates", answer)]);
        let dates = outcome.main_rows().map(|row| row.sale_date.unwrap());
        assert_eq!(dates.max().unwrap().to_string(), last, "{answer}");
    }
}

#[test]
fn cells_and_rows_that_stand_twice_are_refused() {
    let header: String =
        HEADER.split(',').map(|word| format!("<c t=\"inlineStr\"><is><t>{word}</t></is></c>")).collect();
    for (name, rows) in [
        ("two values", "<row><c><v>2</v><v>0</v></c></row>"),
        ("a value and a text", "<row><c><v>2</v><is><t>0</t></is></c></row>"),
        ("a cell twice", r#"<row><c r="F2"><v>2</v></c><c r="F2"><v>3</v></c></row>"#),
        ("a cell in a cell", "<row><c><v>2</v><c><v>3</v></c></c></row>"),
        ("a row twice", r#"<row r="2"><c><v>2</v></c></row><row r="2"><c><v>2</v></c></row>"#),
        ("another table", "</sheetData><sheetData><row><c><v>2</v></c></row>"),
    ] {
        let xml = format!("<worksheet><sheetData><row r=\"1\">{header}</row>{rows}</sheetData></worksheet>");
        let bytes = crate::hostile::workbook(xml.as_bytes(), "<sst/>");
        assert_eq!(verdict(&read_bytes("acme.xlsx", &bytes, &[])), "refused workbook_unreadable", "{name}");
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
