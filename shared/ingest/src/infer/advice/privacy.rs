//! Takes personal data out of what leaves the organisation.

use crate::{infer::meaning::Meaning, number};

/// Digits in a row that are nobody's phone, card or account yet.
const MAX_DIGITS: usize = 8;
/// A number that a person can be called by has at least so many.
const PHONE_DIGITS: usize = 7;
const SHAPE_CHARS: usize = 24;

/// Whether the cells of such a column may be shown as they stand. Everything else is shown by its shape: it may be a
/// customer's name.
pub(super) fn is_open(meaning: Meaning) -> bool {
    const OPEN: &[Meaning] = &[
        Meaning::Ean,
        Meaning::Sku,
        Meaning::Name,
        Meaning::Category,
        Meaning::Store,
        Meaning::StoreCode,
        Meaning::Channel,
        Meaning::Country,
        Meaning::Quantity,
        Meaning::ReturnedQuantity,
        Meaning::Amount,
        Meaning::AmountIncl,
        Meaning::AmountExcl,
        Meaning::GrossSales,
        Meaning::UnitPrice,
        Meaning::Price,
        Meaning::ListPrice,
        Meaning::Cost,
        Meaning::Margin,
        Meaning::Tax,
        Meaning::TaxRate,
        Meaning::Discount,
        Meaning::Shipping,
        Meaning::Fee,
        Meaning::Refund,
        Meaning::Stock,
        Meaning::Comparison,
        Meaning::Currency,
        Meaning::Date,
        Meaning::Year,
        Meaning::Month,
        Meaning::Week,
        Meaning::WeekEnding,
        Meaning::WeekStarting,
        Meaning::Period,
        Meaning::Status,
        Meaning::LineType,
        Meaning::AmountType,
    ];
    OPEN.contains(&meaning)
}

/// The text with addresses, numbers and accounts of people taken out.
pub(super) fn masked(text: &str) -> String {
    let text = text.trim();
    if is_street(text) {
        return "[address]".to_owned();
    }
    // An amount or a date is no phone, however its digits are grouped.
    if !is_called(text) && (is_day(text) || number::is_number(text) && digits(text) <= MAX_DIGITS) {
        return text.to_owned();
    }
    let words: Vec<&str> = text.split_whitespace().map(masked_word).collect();
    without_accounts(&words)
}

/// A number of a column whose header nobody knows; `None` where it may be somebody's.
pub(super) fn plain_number(text: &str) -> Option<&str> {
    let text = text.trim();
    (!is_called(text) && number::is_number(text) && digits(text) <= MAX_DIGITS).then_some(text)
}

/// How a text is written: `Anna 5` is `Aaaa 9`.
pub(super) fn shape(text: &str) -> String {
    let sign = |c: char| match c {
        c if c.is_uppercase() => 'A',
        c if c.is_numeric() => '9',
        c if c.is_alphabetic() => 'a',
        c if c.is_whitespace() => ' ',
        c if c.is_ascii_punctuation() => c,
        _ => '?',
    };
    text.trim().chars().take(SHAPE_CHARS).map(sign).collect()
}

fn masked_word(word: &str) -> &str {
    if word.contains('@') {
        "[e-mail]"
    } else if is_ip(word) {
        "[ip]"
    } else {
        word
    }
}

/// Joins words; runs of them that are written like a phone, a card or an account become one mark.
fn without_accounts(words: &[&str]) -> String {
    let mut kept: Vec<&str> = Vec::with_capacity(words.len());
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let run = words.get(at..).unwrap_or_default();
        let length = run.iter().take_while(|word| is_of_number(word)).count();
        let joined: String = run.get(..length).unwrap_or_default().concat();
        if is_iban(run) {
            kept.push("[account]");
            at += run.iter().take_while(|word| is_of_account(word)).count().max(1);
        } else if length > 0 && digits(&joined) >= PHONE_DIGITS && !is_day(word) {
            kept.push("[number]");
            at += length;
        } else {
            kept.push(if digits(word) > MAX_DIGITS { "[number]" } else { word });
            at += 1;
        }
    }
    kept.join(" ")
}

/// Digits with what stands between those of a phone or a card.
fn is_of_number(word: &str) -> bool {
    word.contains(|c: char| c.is_numeric()) && word.chars().all(|c| c.is_numeric() || "+-()/.–".contains(c))
}

fn is_of_account(word: &str) -> bool {
    word.len() >= 2 && word.chars().all(|c| c.is_ascii_alphanumeric()) && digits(word) * 2 >= word.len()
}

/// Two letters, two digits, and at least eleven more.
fn is_iban(words: &[&str]) -> bool {
    let account: String = words.iter().take_while(|word| is_of_account(word)).copied().collect();
    let bytes = account.as_bytes();
    let country = bytes.get(..2).is_some_and(|country| country.iter().all(u8::is_ascii_alphabetic));
    let check = bytes.get(2..4).is_some_and(|check| check.iter().all(u8::is_ascii_digit));
    country && check && bytes.len() >= 15
}

/// Written like a phone number, although it may pass for a number.
fn is_called(text: &str) -> bool {
    (text.starts_with('+') || text.starts_with("00") || text.starts_with('0') && !text.contains(['.', ',']))
        && digits(text) >= PHONE_DIGITS
        && !is_day(text)
}

/// A day, perhaps with its time: years, months and days between signs.
fn is_day(text: &str) -> bool {
    let day = text.split([' ', 'T', ',']).next().unwrap_or_default();
    let parts: Vec<&str> = day.split(['-', '/', '.']).collect();
    let is_part = |part: &&str| matches!(part.len(), 1 | 2 | 4) && part.bytes().all(|b| b.is_ascii_digit());
    let times = text.get(day.len()..).unwrap_or_default();
    let years = parts.iter().filter(|part| part.len() == 4).count();
    parts.len() == 3 && parts.iter().all(is_part) && years <= 1 && digits(times) <= MAX_DIGITS
}

fn is_ip(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_ascii_hexdigit() && c != ':');
    let four: Vec<&str> = word.split('.').collect();
    let is_v4 = four.len() == 4 && four.iter().all(|part| part.parse::<u8>().is_ok());
    let hex = word.chars().all(|c| c.is_ascii_hexdigit() || c == ':');
    is_v4 || hex && (word.matches(':').count() >= 3 || word.contains("::"))
}

/// A street with a number.
fn is_street(text: &str) -> bool {
    const STREETS: &[&str] = &[
        "street",
        "st",
        "road",
        "rd",
        "avenue",
        "ave",
        "lane",
        "boulevard",
        "blvd",
        "drive",
        "rue",
        "via",
        "viale",
        "piazza",
        "corso",
        "calle",
        "avenida",
        "plaza",
        "paseo",
        "ulica",
        "ul",
        "al",
        "straat",
        "laan",
        "gracht",
        "rua",
        "praça",
        "вул",
        "вулиця",
        "ул",
        "улица",
        "str",
    ];
    const ENDINGS: &[&str] =
        &["straße", "strasse", "straat", "gasse", "weg", "allee", "platz", "gatan", "vej", "utca"];
    if digits(text) == 0 {
        return false;
    }
    let is_street = |word: &str| {
        let word = word.trim_matches(|c: char| !c.is_alphabetic()).to_lowercase();
        STREETS.contains(&word.as_str())
            || ENDINGS.iter().any(|ending| word.ends_with(ending))
            || word.len() > 5 && word.ends_with("str")
    };
    text.split_whitespace().any(is_street)
}

fn digits(text: &str) -> usize {
    text.chars().filter(|c| c.is_numeric()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_belongs_to_people_is_taken_out_of_texts() {
        for (text, kept) in [
            ("Duftkerze Feige 250 g", "Duftkerze Feige 250 g"),
            ("anna.schmidt@example.org", "[e-mail]"),
            ("Gift for anna@example.org please", "Gift for [e-mail] please"),
            ("call +44 20 7946 0958 now", "call [number] now"),
            ("+442079460958", "[number]"),
            ("(0361) 555-1234", "[number]"),
            ("030/901820", "[number]"),
            ("0361 5551234", "[number]"),
            ("079 460 958", "[number]"),
            ("4111 1111 1111 1111", "[number]"),
            ("4111-1111-1111-1111", "[number]"),
            ("DE89 3704 0044 0532 0130 00", "[account]"),
            ("PL61109010140000071219812874", "[account]"),
            ("192.168.0.17", "[ip]"),
            ("from 2001:db8::ff00:42:8329", "from [ip]"),
            ("Hauptstr. 5", "[address]"),
            ("12 High Street", "[address]"),
            ("ul. Długa 7/3", "[address]"),
            ("Lindenallee 22b", "[address]"),
            ("2026-03-17", "2026-03-17"),
            ("17.03.2026 09:10:22", "17.03.2026 09:10:22"),
            ("1.234.567,50", "[number]"),
            ("12.345,60", "12.345,60"),
            ("£1,234.50", "£1,234.50"),
            ("0.05", "0.05"),
            ("-45,00", "-45,00"),
        ] {
            assert_eq!(masked(text), kept, "{text}");
        }
    }

    #[test]
    fn a_shape_says_how_a_text_is_written_and_not_what() {
        assert_eq!(shape("Anna-Maria Łoś 5"), "Aaaa-Aaaaa Aaa 9");
        assert_eq!(shape("o'neill@example.org"), "a'aaaaa@aaaaaaa.aaa");
        assert_eq!(shape(&"x".repeat(99)).len(), SHAPE_CHARS);
    }

    #[test]
    fn only_short_numbers_of_unknown_columns_are_shown() {
        assert_eq!(plain_number(" 14,50 "), Some("14,50"));
        for text in ["Anna", "4006381333931", "0361555123", "+4930901820", "2026-03-01"] {
            assert_eq!(plain_number(text), None, "{text}");
        }
    }
}
