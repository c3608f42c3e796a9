//! Numbers as people and exports write them. Which separator is the decimal one is decided for a whole column,
//! never for one cell: `1.234` has two readings and nothing in the cell settles which is meant.

mod evidence;

use std::borrow::Cow;

pub(crate) use evidence::{Evidence, Verdict};
use rust_decimal::Decimal;

/// Which character separates the decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// `1,234.56`
    Point,
    /// `1.234,56`
    Comma,
}

impl Dialect {
    fn decimal(self) -> char {
        match self {
            Self::Point => '.',
            Self::Comma => ',',
        }
    }

    fn grouping(self) -> char {
        match self {
            Self::Point => ',',
            Self::Comma => '.',
        }
    }
}

/// Whether the text is the ISO code of a currency in use.
pub(crate) fn is_currency_code(text: &str) -> bool {
    CURRENCIES.contains(&text) || RARE_CURRENCIES.contains(&text)
}

/// The currency a text names, for example `GBP` for `£12` or `Value (GBP)`.
pub(crate) fn currency_of(text: &str) -> Option<&'static str> {
    let may_mark = |byte: u8| !byte.is_ascii() || byte == b'$' || byte.is_ascii_alphabetic();
    if !text.bytes().any(may_mark) {
        return None;
    }
    let by_sign = SIGNS.iter().find(|(sign, _)| text.contains(sign)).map(|(_, code)| *code);
    by_sign.or_else(|| {
        let mut words = text.split(|c: char| !c.is_alphabetic());
        words.find_map(|word| {
            let code = CURRENCIES.iter().find(|code| **code == word).copied();
            let in_words = |mark: &str| mark == word && (mark != "R" || is_rand(text));
            code.or_else(|| MARKS.iter().find(|(mark, _)| in_words(mark)).map(|(_, code)| *code))
        })
    })
}

/// `R 249.00`: the letter alone names a currency only before a figure.
fn is_rand(text: &str) -> bool {
    let amount = text.trim_start_matches(['-', '(', ' ']).strip_prefix('R').unwrap_or_default();
    amount.trim_start_matches(is_blank).starts_with(|c: char| c.is_ascii_digit())
}

/// Currencies that a sign stands for besides the one that [`currency_of`] names.
pub(crate) fn shares_sign(named: &str, other: &str) -> bool {
    match named {
        "USD" => DOLLARS.contains(&other),
        "JPY" => other == "CNY",
        "SEK" => matches!(other, "NOK" | "DKK" | "ISK"),
        _ => false,
    }
}

/// Reads a number. `Ok(None)` for the ways to write "nothing": blank, `-`, `—`.
///
/// # Errors
/// When the text is no number, or not one in this dialect.
pub(crate) fn parse(text: &str, dialect: Dialect) -> Result<Option<Decimal>, NotANumber> {
    if is_nothing(text) {
        return Ok(None);
    }
    let numeral = Numeral::read(text).ok_or(NotANumber)?;
    numeral.value(dialect).map(Some)
}

/// Whether the text is a number, however its decimals are written.
pub(crate) fn is_number(text: &str) -> bool {
    [Dialect::Point, Dialect::Comma].iter().any(|dialect| matches!(parse(text, *dialect), Ok(Some(_))))
}

/// The text cannot be read as a number in the column's dialect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotANumber;

/// Whether the text stands for "no figure".
pub(crate) fn is_nothing(text: &str) -> bool {
    let text = text.trim_matches(is_blank);
    text.is_empty() || matches!(text, "-" | "–" | "—" | "−")
}

/// Signs of currencies; `$` and `¥` stand for the most used of theirs.
const SIGNS: [(&str, &str); 24] = [
    ("€", "EUR"),
    ("£", "GBP"),
    ("R$", "BRL"),
    ("AU $", "AUD"),
    ("AU$", "AUD"),
    ("A$", "AUD"),
    ("CA$", "CAD"),
    ("C $", "CAD"),
    ("C$", "CAD"),
    ("NZ$", "NZD"),
    ("MX$", "MXN"),
    ("HK$", "HKD"),
    ("S$", "SGD"),
    ("US $", "USD"),
    ("US$", "USD"),
    ("$", "USD"),
    ("¥", "JPY"),
    ("￥", "JPY"),
    ("円", "JPY"),
    ("₴", "UAH"),
    ("₺", "TRY"),
    ("₽", "RUB"),
    ("₹", "INR"),
    ("₪", "ILS"),
];
/// Letters that mark amounts; `kr` stands for the most used of its currencies.
const MARKS: [(&str, &str); 18] = [
    ("Dollars", "USD"),
    ("dollars", "USD"),
    ("Euro", "EUR"),
    ("euro", "EUR"),
    ("Euros", "EUR"),
    ("R", "ZAR"),
    ("Rs", "INR"),
    ("Rp", "IDR"),
    ("zł", "PLN"),
    ("Kč", "CZK"),
    ("Ft", "HUF"),
    ("лв", "BGN"),
    ("lei", "RON"),
    ("грн", "UAH"),
    ("руб", "RUB"),
    ("TL", "TRY"),
    ("kr", "SEK"),
    ("Fr", "CHF"),
];
const DOLLARS: [&str; 12] =
    ["AUD", "CAD", "NZD", "MXN", "CLP", "COP", "ARS", "SGD", "HKD", "TWD", "BRL", "USD"];
/// Currencies of the countries that sell to the public, by their ISO codes.
const CURRENCIES: [&str; 62] = [
    "AED", "ARS", "AUD", "AZN", "BAM", "BGN", "BHD", "BRL", "BYN", "CAD", "CHF", "CLP", "CNY", "COP", "CRC",
    "CZK", "DKK", "DOP", "EGP", "EUR", "GBP", "GEL", "GTQ", "HKD", "HUF", "IDR", "ILS", "INR", "ISK", "JOD",
    "JPY", "KES", "KRW", "KWD", "KZT", "LBP", "MAD", "MDL", "MKD", "MXN", "MYR", "NGN", "NOK", "NZD", "OMR",
    "PEN", "PHP", "PKR", "PLN", "QAR", "RON", "RSD", "RUB", "SAR", "SEK", "SGD", "THB", "TRY", "TWD", "UAH",
    "USD", "ZAR",
];
/// The other currencies: their codes are only understood where nothing but a currency can stand.
const RARE_CURRENCIES: &[&str] = &[
    "AFN", "ALL", "AMD", "ANG", "AOA", "AWG", "BBD", "BDT", "BIF", "BMD", "BND", "BOB", "BSD", "BTN", "BWP",
    "BZD", "CDF", "CUP", "CVE", "DJF", "DZD", "ERN", "ETB", "FJD", "FKP", "GHS", "GIP", "GMD", "GNF", "GYD",
    "HNL", "HTG", "IQD", "IRR", "JMD", "KGS", "KHR", "KMF", "KPW", "KYD", "LAK", "LKR", "LRD", "LSL", "LYD",
    "MGA", "MMK", "MNT", "MOP", "MRU", "MUR", "MVR", "MWK", "MZN", "NAD", "NIO", "NPR", "PAB", "PGK", "PYG",
    "RWF", "SBD", "SCR", "SDG", "SHP", "SLE", "SOS", "SRD", "SSP", "STN", "SVC", "SYP", "SZL", "TJS", "TMT",
    "TND", "TOP", "TTD", "TZS", "UGX", "UYU", "UZS", "VES", "VND", "VUV", "WST", "XAF", "XCD", "XOF", "XPF",
    "YER", "ZMW", "HRK", "LTL", "LVL", "EEK",
];

/// A number taken apart: sign, digits with their `.` and `,`, and whether blanks grouped the thousands.
struct Numeral<'t> {
    negative: bool,
    body: Cow<'t, str>,
    grouped_by_blanks: bool,
    percent: bool,
}

enum Reading {
    Plain,
    Only(Dialect),
    Two,
}

impl<'t> Numeral<'t> {
    fn read(text: &'t str) -> Option<Self> {
        /// Longer texts are prose.
        const MAX_BYTES: usize = 80;
        if text.len() > MAX_BYTES || !text.bytes().any(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let mut rest = text.trim_matches(is_blank);
        let mut negative = false;
        if let Some(inner) = rest.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')) {
            (rest, negative) = (inner.trim_matches(is_blank), true);
        }
        let mut percent = false;
        // Sign, currency and percent stand around the digits in any order: `-€ 5`, `€ -5`, `5- €`.
        while !is_bare(rest) {
            let before = rest;
            let ends = [rest.chars().next(), rest.chars().next_back()];
            for sign in ['-', '−', '–', '+'].into_iter().filter(|sign| ends.contains(&Some(*sign))) {
                if let Some(inner) = rest.strip_prefix(sign).or_else(|| rest.strip_suffix(sign)) {
                    if sign != '+' {
                        if negative {
                            return None;
                        }
                        negative = true;
                    }
                    rest = inner.trim_matches(is_blank);
                }
            }
            rest = without_currency(rest);
            if let Some(inner) = rest.strip_suffix('%') {
                (rest, percent) = (inner.trim_matches(is_blank), true);
            }
            if rest == before {
                break;
            }
        }
        let (body, grouped_by_blanks) = ungroup_blanks(rest)?;
        Some(Self { negative, body, grouped_by_blanks, percent })
    }

    fn reading(&self) -> Reading {
        let points = self.body.matches('.').count();
        let commas = self.body.matches(',').count();
        let only = |dialect: Dialect| {
            if self.value(dialect).is_ok() { Reading::Only(dialect) } else { Reading::Plain }
        };
        match (points, commas) {
            (0, 0) => Reading::Plain,
            (1.., 1..) => {
                let point_last = self.body.rfind('.') > self.body.rfind(',');
                only(if point_last { Dialect::Point } else { Dialect::Comma })
            }
            (2.., 0) => only(Dialect::Comma),
            (0, 2..) => only(Dialect::Point),
            (1, 0) => self.single(Dialect::Point),
            (0, _) => self.single(Dialect::Comma),
        }
    }

    /// One separator, once: it groups thousands only between 1 to 3 digits and exactly 3 digits.
    fn single(&self, as_decimal: Dialect) -> Reading {
        let (whole, fraction) = self.body.split_once(as_decimal.decimal()).unwrap_or((&self.body, ""));
        let may_group = fraction.len() == 3
            && (1..=3).contains(&whole.len())
            && !whole.starts_with('0')
            && !self.grouped_by_blanks;
        if may_group { Reading::Two } else { Reading::Only(as_decimal) }
    }

    fn value(&self, dialect: Dialect) -> Result<Decimal, NotANumber> {
        const GROUP_DIGITS: u32 = 3;
        /// What the type holds.
        const LIMIT: i128 = 1 << 96;
        let mut mantissa = 0i128;
        // Digits behind the decimal separator, and those since the last separator of thousands.
        let (mut scale, mut group) = (None, 0);
        let mut grouped = false;
        for byte in self.body.bytes() {
            match char::from(byte) {
                digit @ '0'..='9' => {
                    mantissa = mantissa * 10 + i128::from(u32::from(digit) - u32::from('0'));
                    if mantissa >= LIMIT {
                        return Err(NotANumber);
                    }
                    *scale.as_mut().unwrap_or(&mut group) += 1;
                }
                sign if sign == dialect.decimal() && scale.is_none() => scale = Some(0),
                sign if sign == dialect.grouping() && scale.is_none() => {
                    if group == 0 || (grouped && group != GROUP_DIGITS) {
                        return Err(NotANumber);
                    }
                    (grouped, group) = (true, 0);
                }
                _ => return Err(NotANumber),
            }
        }
        if grouped && group != GROUP_DIGITS {
            return Err(NotANumber);
        }
        let mut value =
            Decimal::try_from_i128_with_scale(mantissa, scale.unwrap_or(0)).map_err(|_| NotANumber)?;
        if self.percent {
            value /= Decimal::ONE_HUNDRED;
        }
        value.set_sign_negative(self.negative && !value.is_zero());
        Ok(value)
    }
}

/// Whether nothing stands around the digits.
fn is_bare(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit()) && text.ends_with(|c: char| c.is_ascii_digit())
}

/// The text without a sign or code of a currency before or behind it.
fn without_currency(text: &str) -> &str {
    // Marks begin and end with other characters than these.
    let ends = |text: &str| [text.chars().next(), text.chars().next_back()];
    let outer = |c: &char| !c.is_ascii_digit() && !matches!(c, '-' | '+' | '%');
    let may_have_mark = |text: &str| ends(text).iter().flatten().any(outer);
    if !may_have_mark(text) {
        return text;
    }
    let names = |list: &'static [(&'static str, &'static str)]| list.iter().map(|(mark, _)| *mark);
    let marks = names(&SIGNS).chain(CURRENCIES).chain(names(&MARKS));
    // `100 kr.`
    let abbreviated = text.strip_suffix('.').filter(|inner| inner.ends_with(char::is_alphabetic));
    let mut rest = abbreviated.unwrap_or(text);
    let mut bytes = (rest.bytes().next(), rest.bytes().next_back());
    for mark in marks {
        // Comparing single bytes leaves hardly a mark to be compared in full.
        if bytes.0 != mark.bytes().next() && bytes.1 != mark.bytes().next_back() {
            continue;
        }
        if let Some(inner) = rest.strip_prefix(mark).or_else(|| rest.strip_suffix(mark)) {
            rest = inner.strip_prefix(". ").unwrap_or(inner).trim_matches(is_blank);
            if !may_have_mark(rest) {
                return rest;
            }
            bytes = (rest.bytes().next(), rest.bytes().next_back());
        }
    }
    // South Africa writes `R 249.00`.
    let beside_digits = |c: char| c.is_ascii_digit() || is_blank(c);
    let before = rest.strip_prefix('R').filter(|inner| inner.starts_with(beside_digits));
    let rand = before.or_else(|| rest.strip_suffix('R').filter(|inner| inner.ends_with(beside_digits)));
    rand.map_or(rest, |inner| inner.trim_matches(is_blank))
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}')
}

/// Takes out blanks and apostrophes that group thousands; `None` when other characters remain or a group is
/// not three digits long.
fn ungroup_blanks(text: &str) -> Option<(Cow<'_, str>, bool)> {
    let valid = |body: &str| {
        body.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b','))
            && body.bytes().any(|b| b.is_ascii_digit())
    };
    if valid(text) {
        return Some((Cow::Borrowed(text), false));
    }
    let mut groups = text.split(|c: char| is_blank(c) || matches!(c, '\'' | '’'));
    let mut body = groups.next()?.to_owned();
    let mut grouped = false;
    for group in groups {
        let digits = group.chars().take_while(char::is_ascii_digit).count();
        if digits != 3 || body.contains(['.', ',']) || body.is_empty() {
            return None;
        }
        body.push_str(group);
        grouped = true;
    }
    valid(&body).then_some((Cow::Owned(body), grouped))
}

#[cfg(test)]
mod tests;
