//! Texts of strangers in files that spreadsheet programs open.

use std::borrow::Cow;

/// Longest text of a cell of a workbook, in UTF-16 units.
const CELL_UNITS_MAX: usize = 32_767;
/// What begins a formula, also as the full-width letter that some programs take for it.
const FORMULA_SIGNS: [char; 8] = ['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];

/// The text, behind an apostrophe where a spreadsheet program would run it. Figures with a sign are no formulas.
pub(crate) fn inert(text: &str) -> Cow<'_, str> {
    let formula = text.trim_start().starts_with(FORMULA_SIGNS) && !is_figure(text);
    if formula || text.starts_with(['\t', '\r', '\n']) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The text as a cell of a workbook takes it: inert, and no longer than a cell may be.
pub(crate) fn cell_text(text: &str) -> Cow<'_, str> {
    fitting(inert(text))
}

/// As much of a text as a cell takes, and a sign where more follows.
fn fitting(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.len() <= CELL_UNITS_MAX {
        return text;
    }
    let mut units = 0;
    let fits = |c: &char| {
        units += c.len_utf16();
        units < CELL_UNITS_MAX
    };
    let begin: String = text.chars().take_while(fits).collect();
    if begin.len() == text.len() { text } else { format!("{begin}…").into() }
}

/// A sign, then digits and what separates them: nothing that could be computed.
fn is_figure(text: &str) -> bool {
    let digits = text.trim().trim_start_matches(['+', '-']);
    let separates = |c: char| matches!(c, '.' | ',' | '\'' | ' ' | '\u{a0}' | '\u{202f}' | '%');
    text.trim().len() - digits.len() <= 1
        && digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.chars().all(|c| c.is_ascii_digit() || separates(c))
}

/// The number that a text of a CSV file is in every country: plain digits, a point before one or two decimals.
///
/// Not a code: no leading zero, not longer than an amount. Three decimals could be thousands.
pub(crate) fn plain_number(text: &str) -> Option<f64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let plain = all_digits(whole)
        && all_digits(decimals)
        && (whole == "0" || !whole.starts_with('0'))
        && whole.len() <= 9
        && decimals.len() <= 2;
    if plain { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_a_spreadsheet_program_would_run_stands_behind_an_apostrophe() {
        for text in
            ["=1+1", "+1+cmd", "-1-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1+1", "--1", "-£5", "-"]
        {
            assert_eq!(inert(text), format!("'{text}"));
        }
    }

    #[test]
    fn figures_and_plain_texts_stay_what_they_are() {
        for text in ["-1", "+3,5", "-1 234,50", "-12.5 %", "-1'000", "1-1", "a=b", "", "n/a"] {
            assert_eq!(inert(text), text);
        }
    }

    #[test]
    fn a_number_is_one_only_where_no_country_reads_it_otherwise() {
        for (text, number) in [("-12.50", -12.5), ("0", 0.0), ("100", 100.0), ("0.5", 0.5)] {
            assert_eq!(plain_number(text), Some(number));
        }
        for text in ["1.234", "007", "5901234123457", "1,5", "", "-", ".5", "1.", "+5", "1e3", "--1"] {
            assert_eq!(plain_number(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn nothing_inert_begins_with_a_sign_that_could_compute(text in "[=+@\\-\t\r '\u{ff1d}a-c0-9(]{0,8}") {
            let shown = inert(&text);
            let runs = shown.trim_start().starts_with(FORMULA_SIGNS) || shown.starts_with(['\t', '\r']);
            prop_assert!(!runs || is_figure(&shown));
        }
    }
}
