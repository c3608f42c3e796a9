//! The words of questions about sales, and what they mean.

mod phrases;

use domain::{
    metrics::{Dimension, Metric},
    spelling,
};

use crate::{
    plan::{Bound, Direction},
    tokens::Token,
};

/// What a word or phrase does in a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sense {
    /// Says nothing that changes the answer.
    Filler,
    /// Both: `all channels` are not one group each.
    All,
    Metric(Metric),
    /// A verb of selling: revenue, unless something else is named.
    Sold,
    /// `performance`, `doing`: revenue, if anything else says what is looked at.
    Doing,
    /// `how did Liberty do`: revenue, if nothing else is named.
    HowDid,
    Dimension(Dimension),
    /// Retailers, customers: vendors of the channel retail.
    Retailers,
    /// `monthly`, `by week`: an adverb that breaks down.
    Every(Dimension),
    /// A filter by a fixed value.
    Only(Dimension, &'static str),
    By,
    /// `which`, `what`, `who`.
    Which,
    HowMany,
    HowMuch,
    /// A share, where a part is named behind it.
    HowMuchOf,
    Different,
    List,
    /// Ranked from this end.
    Best,
    Worst,
    /// Than what?
    Better,
    /// The web shop is no retailer.
    Contradiction,
    Most,
    Least,
    Compare,
    Versus,
    Change,
    Growth,
    /// Growth between neighbouring intervals of this length, or the same a year apart.
    GrowthOf(Dimension),
    /// What rose or fell.
    Moving(Direction),
    Trend,
    Breakdown,
    Share,
    Average,
    Not,
    OnlyWord,
    And,
    Or,
    Bounded(Bound),
    Between,
    Money,
    Percent,
    NotSold,
    FirstSale,
    LastSale,
    Ever,
    Forecast,
    Anomaly,
    Season,
    Pareto,
    Volatility,
    Driver,
    /// The whole catalogue of something: `everything`.
    Vague,
    /// Begins a question that goes on with the one before.
    About,
    /// `including`: most things are included as it is, some are not.
    Including,
    /// `when`: a day or an interval is asked for.
    When,
    /// Since some time that is not said.
    Recently,
    /// At the time that was talked about.
    Then,
    /// `it`, `that`, `those`: what was talked about.
    That,
    /// `the first one` of the last answer.
    Ordinal(usize),
    Instead,
    /// Nothing in the books says anything about it.
    Unknowable(&'static str),
    /// What is asked to be made, where nothing but answers is made.
    Chart,
}

/// The longest phrase that these words begin with.
pub(crate) fn phrase(words: &[Token]) -> Option<(usize, Sense)> {
    let matches = |phrase: &str| {
        let mut said = words.iter().map(|token| token.word.as_str());
        phrase.split(' ').all(|word| said.next() == Some(word))
    };
    let known = phrases::all().filter(|(phrase, _)| matches(phrase));
    let longest = known.max_by_key(|(phrase, _)| phrase.split(' ').count());
    longest.map(|(phrase, sense)| (phrase.split(' ').count(), sense))
}

/// The word that was meant by a misspelt one, and its distance. Short words have no slips: they would mean anything.
pub(crate) fn misspelt(word: &str) -> Option<(usize, Sense)> {
    if word.len() < 5 || word.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let near = phrases::all().filter(|(phrase, _)| phrase.len() > 4 && !phrase.contains(' '));
    // `including` is no slip of `excluding`: what is left out is not guessed.
    let near = near.filter(|(_, sense)| *sense != Sense::Not).filter_map(|(phrase, sense)| {
        Some((spelling::distance(word, phrase, spelling::slips(word))?, sense))
    });
    near.min_by_key(|(slips, _)| *slips)
}
