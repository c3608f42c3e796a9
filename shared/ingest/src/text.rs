//! Comparing words: headers, names and codes differ in case, blanks and line breaks between senders.

use std::borrow::Cow;

pub(crate) use domain::{compact, fold};

/// The words of a header, lower case: `ExVatNetsales (EUR)` is `ex`, `vat`, `netsales`, `eur`.
pub(crate) fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = ' ';
    for c in text.chars() {
        if c.is_alphanumeric() {
            match words.last_mut() {
                Some(word) if before.is_alphanumeric() && !(before.is_lowercase() && c.is_uppercase()) => {
                    word.extend(c.to_lowercase());
                }
                _ => words.push(c.to_lowercase().collect()),
            }
        }
        before = c;
    }
    words
}

/// Without blanks around it, with one space between words.
pub(crate) fn squeezed<'t>(text: impl Into<Cow<'t, str>>) -> Cow<'t, str> {
    let text = text.into();
    let mut before = ' ';
    let tidy = text.chars().all(|c| {
        let spare = c.is_whitespace() && (c != ' ' || before == ' ');
        before = c;
        !spare
    });
    if tidy && (before != ' ' || text.is_empty()) {
        return text;
    }
    Cow::Owned(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Whether a text says the same as a word that is [compact] already.
pub(crate) fn is_compact(text: &str, word: &str) -> bool {
    text.chars().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric()).eq(word.chars())
}

/// At most so many characters, for texts that are shown or kept.
pub(crate) fn shorten(text: &str, chars: usize) -> String {
    match text.char_indices().nth(chars) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_compared_without_case_blanks_and_signs() {
        assert_eq!(fold(" Sales\n Inc\u{a0}VAT "), "sales inc vat");
        assert_eq!(compact("Sales Inc VAT £ "), compact("SalesIncVAT"));
        assert_eq!(words("ExVatNetsales (EUR)"), ["ex", "vat", "netsales", "eur"]);
        assert_eq!(words("QTY_SOLD"), ["qty", "sold"]);
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        assert_eq!(shorten("äöü", 2), "äö…");
        assert_eq!(shorten("äöü", 3), "äöü");
    }
}
