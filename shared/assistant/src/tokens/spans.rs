//! Times that are written as one word: `Jan-Mar`, `weeks 10-13`, `Q4'24`.

use super::{Token, count};
use crate::calendar::{is_month, is_part_of_year};

/// Both ends of a word that says from when to when.
pub(super) fn ends(word: &str) -> Option<(&str, &str)> {
    let (first, last) = word.split_once('-')?;
    let year = |word: &str| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit());
    let both = |known: &dyn Fn(&str) -> bool| known(first) && known(last);
    (both(&is_month) || both(&is_part_of_year) || both(&year) && first < last).then_some((first, last))
}

/// `'24`, `Q4'24`: the word before, and the year in full.
pub(super) fn short_year(part: &str) -> Option<(&str, String)> {
    let (word, digits) = part.split_once('\'')?;
    let digits = digits.trim_end_matches(['?', '!', '.', ',']);
    let year = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
    year.then(|| (word, format!("20{digits}")))
}

/// `10-13` is a span behind `weeks` and before a month, and two numbers nowhere else.
pub(super) fn taken_apart(tokens: Vec<Token>) -> Vec<Token> {
    let mut apart = Vec::with_capacity(tokens.len());
    for (place, token) in tokens.iter().enumerate() {
        let weeks = place
            .checked_sub(1)
            .and_then(|before| tokens.get(before))
            .is_some_and(|before| matches!(before.word.as_str(), "week" | "weeks" | "wk" | "wks"));
        let month = tokens.get(place + 1).is_some_and(|after| is_month(&after.word));
        match token.word.split_once('-') {
            Some((first, last))
                if (weeks || month) && !token.quoted && count(first).is_some() && count(last).is_some() =>
            {
                apart
                    .extend([first, "to", last].map(|word| Token { word: word.to_owned(), ..token.clone() }));
            }
            _ => apart.push(token.clone()),
        }
    }
    apart
}
