//! The names of months and of parts of years.

use domain::spelling;

pub(super) const MONTHS: [(&str, &str); 12] = [
    ("january", "jan"),
    ("february", "feb"),
    ("march", "mar"),
    ("april", "apr"),
    ("may", "may"),
    ("june", "jun"),
    ("july", "jul"),
    ("august", "aug"),
    ("september", "sep"),
    ("october", "oct"),
    ("november", "nov"),
    ("december", "dec"),
];

/// Whether a word is the name of a month, or short for one.
pub(crate) fn is_month(word: &str) -> bool {
    month(word).is_some()
}

/// Whether a word is a quarter or a half: `q3`, `h1`.
pub(crate) fn is_part_of_year(word: &str) -> bool {
    let numbered = |lead: char, most: u32| {
        word.strip_prefix(lead)
            .and_then(|digits| digits.parse::<u32>().ok())
            .is_some_and(|number| (1..=most).contains(&number))
    };
    numbered('q', 4) || numbered('h', 2)
}

/// The month that was meant by a misspelt name. Short ones have no slips: `marsh` is a word.
pub(crate) fn meant_month(word: &str) -> Option<&'static str> {
    let near = MONTHS.iter().filter(|(name, _)| name.len() > 5 && word.len() > 5);
    let near = near.filter_map(|(name, _)| Some((spelling::distance(word, name, 2)?, *name)));
    near.min().map(|(_, name)| name)
}

/// Its number.
pub(super) fn month(word: &str) -> Option<u32> {
    let known =
        |(name, short): &(&str, &str)| word == *name || word == *short || *short == "sep" && word == "sept";
    let place = MONTHS.iter().position(known)?;
    u32::try_from(place + 1).ok()
}
