//! What a model wrote, as far as the result bears it out.

use rust_decimal::{Decimal, RoundingStrategy};

use crate::{Cell, Table};

/// Longest text that is taken over, in characters.
const TEXT_MAX: usize = 300;

/// Numbers in letters. One is also an article and two are often people: from three on they are figures.
const NUMBER_WORDS: &[&str] = &[
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
    "thirty",
    "forty",
    "fifty",
    "sixty",
    "seventy",
    "eighty",
    "ninety",
    "hundred",
    "hundreds",
    "thousand",
    "thousands",
    "million",
    "millions",
    "billion",
    "billions",
    "dozen",
    "dozens",
    "half",
    "third",
    "quarter",
    "twice",
    "double",
    "doubled",
    "triple",
    "tripled",
    "zero",
    "none",
];

/// The sentences of a text whose numbers all stand in the result or in the question. Markup is gone from them.
#[must_use]
pub fn guarded(text: &str, table: &Table, question: &str) -> String {
    let known: Vec<Decimal> =
        table.rows.iter().flatten().flat_map(numbers_of_cell).chain(numbers(question)).collect();
    let asked = question.to_lowercase();
    let plain: String =
        text.chars().take(TEXT_MAX).map(|letter| if is_plain(letter) { letter } else { ' ' }).collect();
    let kept = sentences(&plain).filter(|sentence| {
        let is_known =
            |number: &Decimal| known.iter().any(|known| rounded(*known, number.scale()) == *number);
        let in_letters = |word: &str| {
            let word = word.trim_matches(|letter: char| !letter.is_alphabetic()).to_lowercase();
            NUMBER_WORDS.contains(&word.as_str()) && !asked.contains(&word)
        };
        let leads_away = sentence.contains("//") || sentence.contains("www.");
        !leads_away && numbers(sentence).iter().all(is_known) && !sentence.split([' ', '-']).any(in_letters)
    });
    kept.collect::<Vec<_>>().join(" ")
}

/// As people round.
fn rounded(number: Decimal, digits: u32) -> Decimal {
    number.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero)
}

fn is_plain(letter: char) -> bool {
    letter.is_alphanumeric() || " .,;:!?%€$£'’\"“”-–()&/".contains(letter)
}

fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        // A point inside a number ends no sentence.
        let end = rest
            .match_indices(['.', '!', '?'])
            .map(|(at, _)| at + 1)
            .find(|at| rest[*at..].starts_with(' ') || *at == rest.len());
        let (sentence, after) = rest.split_at(end.unwrap_or(rest.len()));
        rest = after;
        Some(sentence.trim())
    })
    .filter(|sentence| !sentence.is_empty())
}

fn numbers_of_cell(cell: &Cell) -> Vec<Decimal> {
    match cell {
        Cell::Number(number) => vec![*number, number.abs()],
        Cell::Text(text) => numbers(text),
        Cell::Nothing => Vec::new(),
    }
}

/// Numbers of a text, however their thousands are set apart. What is no number after all is one that nothing knows.
fn numbers(text: &str) -> Vec<Decimal> {
    let is_part = |letter: char| letter.is_numeric() || ".,'’".contains(letter);
    text.split(|letter| !is_part(letter))
        .map(|run| run.trim_matches(|letter: char| !letter.is_numeric()))
        .filter(|run| !run.is_empty())
        .map(|run| number(run).unwrap_or(Decimal::MIN))
        .collect()
}

/// `1,234.50`, `1.234,50`, `1'234`, `12`.
fn number(run: &str) -> Option<Decimal> {
    let last = run.rfind(['.', ',']);
    let decimals = last.map(|at| &run[at + 1..]);
    let same = |at: usize| run.matches(&run[at..=at]).count() == 1;
    // Three digits after the only mark: thousands after a comma, as people write English.
    let is_fraction =
        last.is_some_and(|at| same(at) && (decimals.is_some_and(|d| d.len() != 3) || &run[at..=at] == "."));
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let text = match last.filter(|_| is_fraction) {
        Some(at) => format!("{}.{}", digits(&run[..at]), digits(&run[at + 1..])),
        None => digits(run),
    };
    if run.chars().any(|letter| letter.is_numeric() && !letter.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}
