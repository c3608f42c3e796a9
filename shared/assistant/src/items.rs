//! A question as a row of things that mean something. Every word is part of one of them.

use domain::metrics::Dimension;
use rust_decimal::Decimal;

use crate::{
    World,
    calendar::When,
    entities::{Candidate, Sureness},
    lexicon::{self, Sense},
    tokens::{self, Token},
};

/// Some words and what they mean.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Item {
    pub(crate) kind: Kind,
    /// As written.
    pub(crate) text: String,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind {
    Sense(Sense),
    Time(When),
    Name {
        sureness: Sureness,
        candidates: Vec<Candidate>,
    },
    Number(Decimal),
    /// A word that nothing explains.
    Unknown,
}

/// The items of a question, in order.
pub(crate) fn items(tokens: &[Token], world: World<'_>) -> Vec<Item> {
    let mut items = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let measured = items.last().is_some_and(|item: &Item| {
            matches!(item.kind, Kind::Sense(Sense::Bounded(_) | Sense::Money | Sense::Between))
        });
        let number = tokens::amount(&tokens[at].word).filter(|_| measured);
        if is_letter_behind_noun(tokens, at, items.last()) && world.knowledge.exactly(&tokens[at..]).is_none()
        {
            items.push(Item { kind: Kind::Unknown, text: tokens[at].text.clone() });
            at += 1;
            continue;
        }
        let (len, kind) =
            number.map_or_else(|| item(&tokens[at..], world), |number| (1, Kind::Number(number)));
        let words = &tokens[at..at + len];
        let text = words.iter().map(|token| token.text.as_str()).collect::<Vec<_>>().join(" ");
        items.push(Item { kind, text });
        at += len;
    }
    items
}

/// `product A`: a name, and none of the known ones.
fn is_letter_behind_noun(tokens: &[Token], at: usize, before: Option<&Item>) -> bool {
    let text = &tokens[at].text;
    let letter = text.chars().count() == 1 && text.chars().all(|c| c.is_uppercase() && c != 'I');
    let noun = |item: &Item| matches!(item.kind, Kind::Sense(Sense::Dimension(_) | Sense::Retailers));
    letter && before.is_some_and(noun)
}

/// The longest explanation wins; of equal ones a time, then a word of the language, then a name: `online` is the channel even
/// if a store is called so. Guesses come last.
fn item(words: &[Token], world: World<'_>) -> (usize, Kind) {
    let plain: Vec<&str> = words.iter().map(|token| token.word.as_str()).collect();
    let exact = world.knowledge.exactly(words);
    if words[0].quoted {
        let mention = world.knowledge.mention(words);
        return mention.map_or((1, Kind::Unknown), |mention| {
            (mention.len, Kind::Name { sureness: mention.sureness, candidates: mention.candidates })
        });
    }
    let time = world.calendar.read(&plain);
    let phrase = lexicon::phrase(words);
    let name_len = exact.as_ref().map_or(0, |mention| mention.len);
    let time_len = time.as_ref().map_or(0, |(len, _)| *len);
    let phrase_len = phrase.map_or(0, |(len, _)| len);
    // `perfume` is a product like any other, unless the catalogue has a category of that name.
    let noun = matches!(phrase, Some((_, Sense::Dimension(Dimension::Product)))) && name_len >= phrase_len;
    if let (Some(mention), true) = (exact, name_len > time_len && (name_len > phrase_len || noun)) {
        return (mention.len, Kind::Name { sureness: mention.sureness, candidates: mention.candidates });
    }
    if let (Some((len, when)), true) = (time, time_len >= phrase_len) {
        return (len, Kind::Time(when));
    }
    if let Some((len, sense)) = phrase {
        return (len, Kind::Sense(sense));
    }
    if let Some(number) = tokens::amount(plain[0]).or_else(|| tokens::count(plain[0]).map(Decimal::from))
        && plain[0].len() < 12
    {
        return (1, Kind::Number(number));
    }
    let mention = world.knowledge.mention(words);
    let slips = |sureness| match sureness {
        Sureness::Exact | Sureness::Part => 0,
        Sureness::Slips(slips) => slips,
    };
    match (mention, lexicon::misspelt(plain[0])) {
        (Some(mention), Some((other, sense))) if slips(mention.sureness) > other => (1, Kind::Sense(sense)),
        (Some(mention), _) => {
            (mention.len, Kind::Name { sureness: mention.sureness, candidates: mention.candidates })
        }
        (None, Some((_, sense))) => (1, Kind::Sense(sense)),
        (None, None) => (1, Kind::Unknown),
    }
}
