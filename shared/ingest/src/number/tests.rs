use proptest::prelude::*;

use super::*;

fn read(text: &str, dialect: Dialect) -> Option<String> {
    parse(text, dialect).unwrap().map(|value| value.to_string())
}

fn verdict(texts: &[&str]) -> Verdict {
    let mut evidence = Evidence::default();
    for (row, text) in (1..).zip(texts) {
        evidence.observe(row, text);
    }
    evidence.verdict()
}

#[test]
fn signs_currencies_and_blanks_around_a_number_are_understood() {
    for (text, value) in [
        ("€ 116", "116"),
        ("£1\u{a0}777,50", "1777.50"),
        ("5\u{202f}147,83", "5147.83"),
        ("1.234,56", "1234.56"),
        ("(225,00)", "-225.00"),
        ("−18,1%", "-0.181"),
        ("-€ 4", "-4"),
        ("€ -4", "-4"),
        ("12-", "-12"),
        ("+7", "7"),
        ("0,5", "0.5"),
        (",5", "0.5"),
        ("1'234'567", "1234567"),
        ("12 EUR", "12"),
    ] {
        assert_eq!(read(text, Dialect::Comma).as_deref(), Some(value), "{text:?}");
    }
}

#[test]
fn a_dash_or_a_blank_is_no_figure() {
    for text in ["", " ", "-", "—", "\u{a0}"] {
        assert_eq!(parse(text, Dialect::Point), Ok(None), "{text:?}");
    }
}

#[test]
fn texts_that_are_not_numbers_are_not_read() {
    for text in
        ["abc", "1.2.3", "12 34", "1,23,456", "--5", "(-5)", "1.234,5,6", "#REF!", "€", "5 pcs", "1e5"]
    {
        assert_eq!(parse(text, Dialect::Point), Err(NotANumber), "{text:?}");
    }
}

#[test]
fn the_whole_column_decides_the_decimal_separator() {
    assert_eq!(verdict(&["1.234", "12,50"]), Verdict::Decided(Dialect::Comma));
    assert_eq!(verdict(&["1,234", "12.50"]), Verdict::Decided(Dialect::Point));
    assert_eq!(verdict(&["1.234.567"]), Verdict::Decided(Dialect::Comma));
    assert_eq!(verdict(&["1.234,56"]), Verdict::Decided(Dialect::Comma));
    assert_eq!(verdict(&["0.123"]), Verdict::Decided(Dialect::Point));
    assert_eq!(verdict(&["1 234,567"]), Verdict::Decided(Dialect::Comma));
    assert_eq!(verdict(&["7", "12"]), Verdict::Plain);
}

#[test]
fn a_column_without_evidence_stays_undecided_and_contradictions_are_seen() {
    assert_eq!(verdict(&["1.234", "5.678"]), Verdict::Undecided);
    assert_eq!(verdict(&["12.50", "12,50"]), Verdict::Mixed);
}

fn print(cents: i64, dialect: Dialect, grouping: &str, prefix: &str) -> String {
    let whole = (cents.abs() / 100).to_string();
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            grouped.push_str(grouping);
        }
        grouped.push(digit);
    }
    let sign = if cents < 0 { "−" } else { "" };
    format!("{sign}{prefix}{grouped}{}{:02}", dialect.decimal(), cents.abs() % 100)
}

proptest! {
    #[test]
    fn printed_amounts_are_read_back_in_every_dialect(cents in -100_000_000_000i64..100_000_000_000) {
        for (dialect, grouping) in [
            (Dialect::Point, ""), (Dialect::Point, ","), (Dialect::Point, " "), (Dialect::Point, "'"),
            (Dialect::Comma, ""), (Dialect::Comma, "."), (Dialect::Comma, "\u{a0}"), (Dialect::Comma, "\u{202f}"),
        ] {
            for prefix in ["", "€ ", "£"] {
                let text = print(cents, dialect, grouping, prefix);
                prop_assert_eq!(parse(&text, dialect), Ok(Some(Decimal::new(cents, 2))), "{}", text);
                let mut evidence = Evidence::default();
                evidence.observe(1, &text);
                prop_assert_eq!(evidence.verdict(), Verdict::Decided(dialect), "{}", text);
            }
        }
    }

    #[test]
    fn no_digit_is_lost_or_invented(text in "[0-9]{0,4}[-−(]?[€$ ]?[0-9]{1,4}([.,' \u{a0}\u{202f}]?[0-9]{1,3}){0,4}[-)%€ ]?") {
        let digits = |text: &str| -> String {
            text.chars().filter(char::is_ascii_digit).collect::<String>().trim_matches('0').to_owned()
        };
        let readings = [Dialect::Point, Dialect::Comma].map(|dialect| parse(&text, dialect).ok().flatten());
        for value in readings.iter().flatten() {
            prop_assert_eq!(digits(&value.normalize().to_string()), digits(&text), "{} {}", text, value);
        }
        // What has two readings always needs a decision.
        if let [Some(point), Some(comma)] = readings && point != comma {
            let mut evidence = Evidence::default();
            evidence.observe(1, &text);
            prop_assert_ne!(evidence.verdict(), Verdict::Plain, "{}", text);
        }
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in ".{0,40}") {
        let _ = (parse(&text, Dialect::Point), parse(&text, Dialect::Comma));
        Evidence::default().observe(1, &text);
    }
}
