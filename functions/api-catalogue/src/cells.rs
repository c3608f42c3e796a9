//! What single cells say.

use chrono::{Datelike as _, NaiveDate};
use domain::{Currency, ReportLocale, StoreKind, is_email};
use rust_decimal::Decimal;

/// Years that a date can be in; others are slips of the keyboard.
const YEARS: std::ops::RangeInclusive<i32> = 1950..=2199;
/// Digits before the decimal point of a price or rate.
const WHOLE_DIGITS_MAX: usize = 9;

/// Why a cell cannot be used.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// Stable, `snake_case`.
    pub(crate) code: &'static str,
    /// For people.
    pub(crate) message: String,
}

impl Fault {
    fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

/// 13 digits. The leading zero of a 12-digit code, which spreadsheets drop, is put back.
pub(crate) fn ean(text: &str) -> Result<String, Fault> {
    if !matches!(text.len(), 12 | 13) || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Fault::new("ean_invalid", "An EAN has 13 digits."));
    }
    let ean = format!("{text:0>13}");
    if !domain::has_check_digit(&ean) {
        return Err(Fault::new("ean_check_digit", "The last digit does not fit the others."));
    }
    Ok(ean)
}

/// Euro, VAT included; zero or more.
pub(crate) fn price(text: &str) -> Result<Decimal, Fault> {
    const PLACES: usize = 4;
    decimal(text, PLACES).ok_or_else(|| {
        Fault::new("price_invalid", format!("A price looks like 196.00, with at most {PLACES} decimals."))
    })
}

/// Euro per unit; more than zero.
pub(crate) fn rate(text: &str) -> Result<Decimal, Fault> {
    const PLACES: usize = 12;
    decimal(text, PLACES).filter(|rate| !rate.is_zero()).ok_or_else(|| {
        let message = format!("A rate looks like 1.145198, above zero, with at most {PLACES} decimals.");
        Fault::new("rate_invalid", message)
    })
}

/// Plain digits with at most one decimal point: no sign, no exponent, no separators.
fn decimal(text: &str, places_max: usize) -> Option<Decimal> {
    let (whole, places) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str, max: usize| {
        (1..=max).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let plain = digits(whole, WHOLE_DIGITS_MAX) && digits(places, places_max);
    plain.then(|| text.parse().ok()).flatten()
}

/// `2025-01-31`
pub(crate) fn date(text: &str) -> Result<NaiveDate, Fault> {
    day(text).ok_or_else(|| Fault::new("date_invalid", "A date looks like 2025-01-31."))
}

/// First day of a month such as `2025-01`.
pub(crate) fn month(text: &str) -> Result<NaiveDate, Fault> {
    day(&format!("{text}-01")).ok_or_else(|| Fault::new("month_invalid", "A month looks like 2025-01."))
}

fn day(text: &str) -> Option<NaiveDate> {
    // chrono takes `2025-1-1` and blanks as well.
    let shaped = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let date = shaped.then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()).flatten()?;
    YEARS.contains(&date.year()).then_some(date)
}

/// A currency other than the euro, whose rate is always 1.
pub(crate) fn foreign_currency(text: &str) -> Result<Currency, Fault> {
    let currency: Currency = text
        .parse()
        .map_err(|_| Fault::new("currency_invalid", "A currency is three letters such as GBP."))?;
    if currency == Currency::EUR {
        return Err(Fault::new("currency_is_euro", "Amounts in euro need no rate."));
    }
    Ok(currency)
}

/// Words of so many characters at most.
pub(crate) fn text(text: &str, chars_max: usize) -> Result<String, Fault> {
    if text.chars().count() > chars_max {
        return Err(Fault::new("too_long", format!("This has at most {chars_max} characters.")));
    }
    Ok(text.to_owned())
}

/// Whether something is written as the keys of vendors are.
pub(crate) fn is_key(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    !text.is_empty() && text.chars().all(plain)
}

/// A vendor's key, as everywhere.
pub(crate) fn vendor(text: &str) -> Result<String, Fault> {
    const CHARS_MAX: usize = 64;
    if text.chars().count() > CHARS_MAX || !is_key(text) {
        let message = format!("A vendor's key has lower case letters, digits and _, at most {CHARS_MAX}.");
        return Err(Fault::new("vendor_invalid", message));
    }
    Ok(text.to_owned())
}

/// `physical` or `online`.
pub(crate) fn store_kind(text: &str) -> Result<StoreKind, Fault> {
    text.parse().map_err(|_| Fault::new("store_kind_invalid", "A store is physical or online."))
}

/// Two capital letters.
pub(crate) fn country(text: &str) -> Result<String, Fault> {
    let known = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase());
    known
        .then(|| text.to_owned())
        .ok_or_else(|| Fault::new("country_invalid", "A country has two capital letters, for example PL."))
}

/// An e-mail address.
pub(crate) fn email(text: &str) -> Result<String, Fault> {
    let fault = || Fault::new("email_invalid", "This is no e-mail address.");
    is_email(text).then(|| text.to_owned()).ok_or_else(fault)
}

/// A language that people are written to in.
pub(crate) fn language(text: &str) -> Result<ReportLocale, Fault> {
    text.parse().map_err(|_| Fault::new("language_invalid", "A language is en, de, fr, es or pl."))
}

/// `true` or `false`, in any case.
pub(crate) fn truth(text: &str) -> Result<bool, Fault> {
    match text.to_ascii_lowercase().as_str() {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(Fault::new("truth_invalid", "This is true or false.")),
    }
}

#[cfg(test)]
mod tests;
