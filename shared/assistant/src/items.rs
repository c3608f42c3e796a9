//! A question as a row of things that mean something. Every word is part of one of them.

mod years;

use domain::metrics::Dimension;
use rust_decimal::Decimal;

use crate::{
    World,
    calendar::{Days, When, meant_month},
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
    /// The words that mean nothing by themselves right before it: `at`, `from the`.
    pub(crate) led: String,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind {
    Sense(Sense),
    Time(When),
    /// Several readings of one mention of time.
    Either(Vec<Days>),
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
    let tokens = &spelt(tokens, world)[..];
    let mut items: Vec<Item> = Vec::new();
    let mut places = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let (len, kind) = next(tokens, at, &items, world);
        let words = &tokens[at..at + len];
        let text = words.iter().map(|token| token.text.as_str()).collect::<Vec<_>>().join(" ");
        let led = match items.last() {
            Some(Item { kind: Kind::Sense(Sense::Filler), text, led }) => {
                format!("{led} {}", text.to_lowercase()).trim().to_owned()
            }
            _ => String::new(),
        };
        items.push(Item { kind, text, led });
        places.push((at, len));
        at += len;
    }
    years::shared(&mut items, &places, tokens, world.calendar);
    items
}

fn next(tokens: &[Token], at: usize, items: &[Item], world: World<'_>) -> (usize, Kind) {
    let measured = items.last().is_some_and(|item| {
        matches!(item.kind, Kind::Sense(Sense::Bounded(_) | Sense::Money | Sense::Between))
    });
    if let Some(number) = tokens::amount(&tokens[at].word).filter(|_| measured) {
        return (1, Kind::Number(number));
    }
    if is_letter_behind_noun(tokens, at, items.last()) && world.knowledge.exactly(&tokens[at..]).is_none() {
        return (1, Kind::Unknown);
    }
    if let Some(found) = booked_country(tokens, at, world).or_else(|| idle(tokens, at, items, world)) {
        return found;
    }
    if tokens[at].word == "fall" && !is_season(tokens, at) {
        return lexicon::phrase(&tokens[at..])
            .map_or((1, Kind::Unknown), |(len, sense)| (len, Kind::Sense(sense)));
    }
    item(&tokens[at..], world)
}

/// `in fall`, `fall 2024`; `did sales fall` is a verb.
fn is_season(tokens: &[Token], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| tokens.get(before));
    let led = before.is_some_and(|token| {
        matches!(
            token.word.as_str(),
            "in" | "the" | "this" | "last" | "during" | "for" | "of" | "since" | "next" | "vs" | "previous"
        )
    });
    let year =
        tokens.get(at + 1).is_some_and(|token| token.word.len() == 4 && tokens::count(&token.word).is_some());
    led || year
}

/// `US orders`: in capitals where not everything is, a code of a country that is sold to is no pronoun.
fn booked_country(tokens: &[Token], at: usize, world: World<'_>) -> Option<(usize, Kind)> {
    let small = |token: &Token| token.text.chars().any(char::is_lowercase);
    let text = &tokens[at].text;
    if text.len() != 2 || small(&tokens[at]) || !tokens.iter().any(small) {
        return None;
    }
    let mention = world.knowledge.exactly(&tokens[at..=at])?;
    let booked = world.knowledge.values.get(&Dimension::Country)?;
    let is_code = mention.candidates.iter().all(|candidate| candidate.dimension == Dimension::Country)
        && booked.iter().any(|code| code == text);
    let said = lexicon::phrase(&tokens[at..]).is_none_or(|(len, _)| len == 1);
    (is_code && said)
        .then_some((1, Kind::Name { sureness: mention.sureness, candidates: mention.candidates }))
}

/// `not sold in six months`: the last ones.
fn idle(tokens: &[Token], at: usize, items: &[Item], world: World<'_>) -> Option<(usize, Kind)> {
    let asked = items.iter().any(|item| item.kind == Kind::Sense(Sense::NotSold));
    tokens::count(&tokens[at].word).filter(|_| asked)?;
    let behind = tokens[at..].iter().map(|token| token.word.as_str());
    let words: Vec<&str> = std::iter::once("last").chain(behind).collect();
    let (len, when) = world.calendar.read(&words)?;
    Some((len - 1, Kind::Time(when)))
}

/// With the names of months as they are spelt, where a word is nothing else.
fn spelt(tokens: &[Token], world: World<'_>) -> Vec<Token> {
    let known = |place: usize| {
        lexicon::phrase(&tokens[place..]).is_some() || world.knowledge.mention(&tokens[place..]).is_some()
    };
    let word = |(place, token): (usize, &Token)| match meant_month(&token.word) {
        Some(month) if !token.quoted && !known(place) => Token { word: month.to_owned(), ..token.clone() },
        _ => token.clone(),
    };
    tokens.iter().enumerate().map(word).collect()
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
    // A code of the catalogue is no abbreviation: `L50M` may be both.
    let mixed = |word: &str| {
        word.bytes().any(|byte| byte.is_ascii_digit()) && word.bytes().any(|byte| byte.is_ascii_alphabetic())
    };
    if let Some(mention) = exact.as_ref().filter(|_| name_len == 1 && time_len == 1 && mixed(plain[0])) {
        let name = Kind::Name { sureness: mention.sureness, candidates: mention.candidates.clone() };
        return (1, name);
    }
    if let (Some(mention), true) = (exact, name_len > time_len && (name_len > phrase_len || noun)) {
        return (mention.len, Kind::Name { sureness: mention.sureness, candidates: mention.candidates });
    }
    if let (Some((len, when)), true) = (time, time_len >= phrase_len) {
        return match when {
            When::Either(one, other) => (len, Kind::Either(vec![one, other])),
            when => (len, Kind::Time(when)),
        };
    }
    if let Some((len, sense)) = phrase {
        return (len, Kind::Sense(sense));
    }
    if let Some(number) = tokens::amount(plain[0]).or_else(|| tokens::count(plain[0]).map(Decimal::from))
        && plain[0].len() < 12
        && !world.knowledge.has_ean_with(plain[0])
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
