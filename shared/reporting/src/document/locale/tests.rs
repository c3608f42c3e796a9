use super::*;

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

#[test]
fn numbers_are_written_as_each_country_writes_them() {
    let value = decimal("-1234567.895");
    for (tag, text) in [
        ("en-GB", "−1,234,567.90"),
        ("de-DE", "−1.234.567,90"),
        ("fr", "−1\u{202f}234\u{202f}567,90"),
        ("es_ES", "−1.234.567,90"),
        ("pl", "−1\u{a0}234\u{a0}567,90"),
    ] {
        assert_eq!(tag.parse::<Locale>().unwrap().decimal(value, 2), text);
    }
    assert_eq!(Locale::Spanish.decimal(decimal("1234"), 0), "1234");
    assert_eq!(Locale::Polish.decimal(decimal("12345"), 0), "12\u{a0}345");
    assert!("nl".parse::<Locale>().is_err());
}

#[test]
fn signs_stand_where_each_country_puts_them() {
    let currency = |code: &str| code.parse().unwrap();
    assert_eq!(Locale::English.money(decimal("-1234.5"), Currency::EUR), "−€1,234.50");
    assert_eq!(Locale::German.money(decimal("1234.5"), Currency::EUR), "1.234,50\u{a0}€");
    assert_eq!(Locale::English.money(decimal("5"), currency("PLN")), "5.00\u{a0}zł");
    assert_eq!(Locale::English.percent(decimal("12.54"), 1), "12.5%");
    assert_eq!(Locale::French.percent(decimal("12.55"), 1), "12,6\u{a0}%");
}

#[test]
fn cells_are_values_or_reasons() {
    let locale = Locale::English;
    assert_eq!(locale.cell("1234.5", Values::Money(Currency::EUR)).as_deref(), Some("1,234.50"));
    assert_eq!(locale.cell("1234.505", Values::Money(Currency::EUR)).as_deref(), Some("1,234.51"));
    assert_eq!(locale.cell("-0.001", Values::Decimal(2)).as_deref(), Some("0.00"));
    assert_eq!(locale.cell("1.500", Values::Integer).as_deref(), Some("1.5"));
    assert_eq!(locale.cell("12.000", Values::Integer).as_deref(), Some("12"));
    assert_eq!(locale.cell("2026-11-22", Values::Date).as_deref(), Some("22/11/2026"));
    assert_eq!(locale.cell("not reported", Values::Integer), None);
    assert_eq!(locale.cell("not reported", Values::Date), None);
    assert_eq!(locale.cell("=1+1", Values::Text).as_deref(), Some("=1+1"));
}
