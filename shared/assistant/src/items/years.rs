//! The year that several times share: `October vs November 2024`.

use super::{Item, Kind};
use crate::{
    calendar::{Calendar, Days, When},
    lexicon::Sense,
    tokens::Token,
};

/// Gives times without a year that of the one beside them. Where nothing but the order of words tells whether it is meant for
/// both, both readings stay.
pub(super) fn shared(items: &mut [Item], places: &[(usize, usize)], tokens: &[Token], calendar: Calendar) {
    let words: Vec<&str> = tokens.iter().map(|token| token.word.as_str()).collect();
    for place in (0..items.len()).rev() {
        let Kind::Time(When::Days(own)) = &items[place].kind else { continue };
        if own.year_was_said || own.span().is_none() {
            continue;
        }
        let Some((other, listed)) = beside(items, place) else { continue };
        let Kind::Time(When::Days(donor)) = &items[other].kind else { continue };
        let (at, len) = places[place];
        let year = donor.span().map(|span| chrono::Datelike::year(&span.from));
        let Some((_, When::Days(then))) = calendar.read_in(&words[at..at + len], year) else { continue };
        if then.span() == own.span()
            || then.span() == donor.span()
            || then.from.is_none_or(|day| day > calendar.today)
        {
            continue;
        }
        let then = Days { year_was_said: true, ..then };
        items[place].kind =
            if listed { Kind::Time(When::Days(then)) } else { Kind::Either(vec![own.clone(), then]) };
    }
}

/// The nearest time with a year of its own, and whether it is one of a list with this one.
fn beside(items: &[Item], place: usize) -> Option<(usize, bool)> {
    let lists = |item: &Item| {
        matches!(
            item.kind,
            Kind::Sense(Sense::And | Sense::Or | Sense::Versus | Sense::Filler | Sense::Between)
                | Kind::Time(_)
        )
    };
    let behind = (place + 1..items.len()).find(|other| has_year(&items[*other]));
    if let Some(behind) = behind {
        return Some((behind, items[place + 1..behind].iter().all(lists)));
    }
    // What is said later is said of the year named before.
    (0..place).rev().find(|other| has_year(&items[*other])).map(|before| (before, true))
}

/// `March 2024` has one; `2024` is one, and `last month` needs none.
fn has_year(item: &Item) -> bool {
    let Kind::Time(When::Days(days)) = &item.kind else { return false };
    let text = item.text.to_lowercase();
    let digits = text.split([' ', '-', '/', '.', '\'']).any(|word| {
        let word = word.trim_start_matches(|c: char| c.is_alphabetic());
        (word.len() == 4 || word.len() == 2 && text.contains('\''))
            && word.bytes().all(|byte| byte.is_ascii_digit())
    });
    let whole = days.span().is_none_or(|span| (span.to - span.from).num_days() > 360);
    days.year_was_said && !whole && (digits || text.ends_with("last year") || text.ends_with("this year"))
}
