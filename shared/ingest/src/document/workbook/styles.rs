//! Which cell styles show a number as a date.

use std::collections::HashSet;

use super::{
    part::Package,
    xml::{Node, Xml},
};
use crate::Refusal;

/// Excel itself allows 65,490 cell styles.
const MAX_STYLES: usize = 65_536;

#[derive(Debug, Default)]
pub(super) struct Styles {
    /// By index of the cell format.
    dates: Vec<bool>,
}

impl Styles {
    pub(super) fn read(package: &mut Package, part: &str) -> Result<Self, Refusal> {
        let mut styles = Self::default();
        let Some(part) = package.part(part)? else { return Ok(styles) };
        let mut xml = Xml::new(part);
        let mut date_formats: HashSet<u32> = HashSet::new();
        let mut in_cell_formats = false;
        while let Some(node) = xml.next()? {
            match node {
                Node::Open(element) if element.is("numFmt") && date_formats.len() < MAX_STYLES => {
                    let id = element.attribute("numFmtId").and_then(|id| id.parse().ok());
                    if let (Some(id), Some(code)) = (id, element.attribute("formatCode"))
                        && shows_date(&code)
                    {
                        date_formats.insert(id);
                    }
                }
                Node::Open(element) if element.is("cellXfs") => in_cell_formats = true,
                Node::Open(element)
                    if in_cell_formats && element.is("xf") && styles.dates.len() < MAX_STYLES =>
                {
                    let id: u32 = element.attribute("numFmtId").and_then(|id| id.parse().ok()).unwrap_or(0);
                    styles.dates.push(is_built_in_date(id) || date_formats.contains(&id));
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
    use super::shows_date;

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
