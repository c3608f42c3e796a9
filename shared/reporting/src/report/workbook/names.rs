//! Names of sheets: a program refuses the whole workbook for one that is too long, stands twice or holds a wrong character.

use std::collections::HashSet;

/// In UTF-16 units, as programs count.
const UNITS_MAX: usize = 31;

#[derive(Debug, Default)]
pub(super) struct SheetNames {
    used: HashSet<String>,
}

impl SheetNames {
    /// As much of a title as a sheet can be called, with a number where another one is called so.
    pub(super) fn unused(&mut self, title: &str) -> String {
        let allowed = |c: char| !c.is_control() && !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\');
        let clean: String = title.chars().map(|c| if allowed(c) { c } else { ' ' }).collect();
        let words = clean.split_whitespace().collect::<Vec<_>>().join(" ");
        let words = words.trim_matches('\'');
        // The name of a sheet that Excel keeps for itself.
        let words = if words.is_empty() || words.eq_ignore_ascii_case("history") { "Sheet" } else { words };
        for number in 1.. {
            let suffix = if number == 1 { String::new() } else { format!(" {number}") };
            let name = format!("{}{suffix}", begin(words, UNITS_MAX - suffix.len()));
            if self.used.insert(name.to_lowercase()) {
                return name;
            }
        }
        words.to_owned()
    }
}

fn begin(text: &str, units: usize) -> &str {
    let mut left = units;
    let fits = |(_, c): &(usize, char)| match left.checked_sub(c.len_utf16()) {
        Some(rest) => {
            left = rest;
            true
        }
        None => false,
    };
    let end = text.char_indices().take_while(fits).last().map_or(0, |(at, c)| at + c.len_utf8());
    text.get(..end).unwrap_or(text).trim_end_matches(['\'', ' '])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_is_refused_and_none_stands_twice() {
        let mut names = SheetNames::default();
        let long = "Revenue by vendor and channel, like for like";
        let titles = [
            long,
            long,
            "a/b",
            "A b",
            "",
            "'quoted'",
            "History",
            "😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀",
            "\r\n",
        ];
        let found: Vec<_> = titles.iter().map(|title| names.unused(title)).collect();
        assert_eq!(
            found[..4],
            ["Revenue by vendor and channel,", "Revenue by vendor and channel 2", "a b", "A b 2"]
        );
        assert!(found.iter().all(|name| !name.is_empty() && name.encode_utf16().count() <= UNITS_MAX));
        assert_eq!(found[4..7], ["Sheet", "quoted", "Sheet 2"]);
    }
}
