//! Which cell styles show a number as a date, and which as money.

use std::collections::{HashMap, HashSet};

use super::{
    part::Package,
    xml::{Node, Xml},
};
use crate::{Refusal, number};

/// Excel itself allows 65,490 cell styles.
const MAX_STYLES: usize = 65_536;

#[derive(Debug, Default)]
pub(super) struct Styles {
    /// By index of the cell format.
    dates: Vec<bool>,
    currencies: Vec<Option<&'static str>>,
}

impl Styles {
    pub(super) fn read(package: &mut Package, part: &str) -> Result<Self, Refusal> {
        let mut styles = Self::default();
        let Some(part) = package.part(part)? else { return Ok(styles) };
        let mut xml = Xml::new(part);
        let mut date_formats: HashSet<u32> = HashSet::new();
        let mut currencies: HashMap<u32, &'static str> = HashMap::new();
        let mut in_cell_formats = false;
        while let Some(node) = xml.next()? {
            match node {
                Node::Open(element) if element.is("numFmt") && date_formats.len() < MAX_STYLES => {
                    let id = element.attribute("numFmtId").and_then(|id| id.parse().ok());
                    if let (Some(id), Some(code)) = (id, element.attribute("formatCode")) {
                        if shows_date(&code) {
                            date_formats.insert(id);
                        } else if currencies.len() < MAX_STYLES
                            && let Some(currency) = currency_of(&code)
                        {
                            currencies.insert(id, currency);
                        }
                    }
                }
                Node::Open(element) if element.is("cellXfs") => in_cell_formats = true,
                Node::Open(element)
                    if in_cell_formats && element.is("xf") && styles.dates.len() < MAX_STYLES =>
                {
                    let id: u32 = element.attribute("numFmtId").and_then(|id| id.parse().ok()).unwrap_or(0);
                    styles.dates.push(is_built_in_date(id) || date_formats.contains(&id));
                    styles.currencies.push(currencies.get(&id).copied());
                }
                Node::Close("cellXfs") => in_cell_formats = false,
                _ => {}
            }
        }
        Ok(styles)
    }

    pub(super) fn is_date(&self, style: usize) -> bool {
        self.dates.get(style).copied().unwrap_or(false)
    }

    /// The currency that the format shows beside a number.
    pub(super) fn currency(&self, style: usize) -> Option<&'static str> {
        self.currencies.get(style).copied().flatten()
    }
}

/// The currency whose sign or code a format code prints: `#,##0.00 [$€-407]`, `"zł" 0.00`. A sign that several countries
/// share is told by the language beside it.
fn currency_of(code: &str) -> Option<&'static str> {
    const LANGUAGES: [(&str, &str, &str); 10] = [
        ("kr", "414", "NOK"),
        ("kr", "814", "NOK"),
        ("kr", "406", "DKK"),
        ("kr", "40f", "ISK"),
        ("$", "1009", "CAD"),
        ("$", "c0c", "CAD"),
        ("$", "c09", "AUD"),
        ("$", "80a", "MXN"),
        ("$", "1409", "NZD"),
        ("$", "4804", "SGD"),
    ];
    let mut printed = String::new();
    let mut rest = code;
    while let Some(c) = rest.chars().next() {
        let behind = rest.get(c.len_utf8()..)?;
        let (text, after) = match c {
            '"' => behind.split_once('"').unwrap_or((behind, "")),
            '[' => {
                let (inner, after) = behind.split_once(']').unwrap_or((behind, ""));
                // Colours and conditions stand in brackets, too.
                let Some(inner) = inner.strip_prefix('$') else {
                    rest = after;
                    continue;
                };
                let (sign, language) = inner.split_once('-').unwrap_or((inner, ""));
                let of_language = LANGUAGES.iter().find(|(known, id, _)| {
                    sign.trim().trim_end_matches('.').eq_ignore_ascii_case(known)
                        && language.eq_ignore_ascii_case(id)
                });
                if let Some((.., currency)) = of_language {
                    return Some(currency);
                }
                (sign, after)
            }
            '\\' => behind.split_at(behind.chars().next().map_or(0, char::len_utf8)),
            // Blanks as wide as a character, or as many as there is room for.
            '_' | '*' => ("", behind.get(behind.chars().next().map_or(0, char::len_utf8)..)?),
            c if c.is_ascii_digit() || matches!(c, '#' | '?' | '.' | ',' | ';') => (" ", behind),
            _ => rest.split_at(c.len_utf8()),
        };
        printed.push_str(text);
        rest = after;
    }
    number::currency_of(&printed)
}

/// Formats that every spreadsheet program knows by number, with those of East Asian editions.
fn is_built_in_date(id: u32) -> bool {
    matches!(id, 14..=17 | 22 | 27..=31 | 36 | 50..=54 | 57 | 58)
}

/// Whether a format code has a day or a year outside quotes, brackets and escapes.
fn shows_date(code: &str) -> bool {
    let mut in_quotes = false;
    let mut in_brackets = false;
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => in_quotes = !in_quotes,
            '[' if !in_quotes => in_brackets = true,
            ']' if !in_quotes => in_brackets = false,
            '\\' | '_' | '*' if !in_quotes => {
                chars.next();
            }
            'd' | 'D' | 'y' | 'Y' if !in_quotes && !in_brackets => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::{currency_of, shows_date};

    #[test]
    fn formats_print_the_currency_of_their_numbers() {
        for (code, currency) in [
            ("#,##0.00 [$€-407]", Some("EUR")),
            ("[$£-809]#,##0.00", Some("GBP")),
            ("\"zł\"\\ #,##0.00", Some("PLN")),
            ("_-* #,##0.00\\ \"€\"_-", Some("EUR")),
            ("[$kr-414] #,##0", Some("NOK")),
            ("[$CHF-807]\\ #,##0.00", Some("CHF")),
            ("[$$-409]#,##0.00", Some("USD")),
            ("[$-409]#,##0.00", None),
            ("[Red]#,##0.00", None),
            ("0.00E+00", None),
            ("General", None),
        ] {
            assert_eq!(currency_of(code), currency, "{code}");
        }
    }

    #[test]
    fn only_formats_with_a_day_or_a_year_show_dates() {
        for code in ["yyyy-mm-dd", "d/m/yy", "[$-809]dd mmmm yyyy;@", "mmm-yy"] {
            assert!(shows_date(code), "{code}");
        }
        for code in [
            "#,##0.00",
            "0.0%",
            "\"day\" 0",
            "[Red]0.00",
            "#,##0\\ \"zł\"",
            "_-* #,##0_-",
            "General",
            "hh:mm",
        ] {
            assert!(!shows_date(code), "{code}");
        }
    }
}
