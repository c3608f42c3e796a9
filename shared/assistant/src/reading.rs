//! From a question to what is computed, or to an honest question back.

mod draft;
mod follow;
mod shape;
mod span;
#[cfg(test)]
mod tests;

use domain::metrics::Dimension;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::draft::Draft;
use crate::{
    Plan, World,
    calendar::{Days, When},
    entities::{Candidate, Sureness},
    items::{self, Item, Kind},
    tokens,
};

/// What was made of a question.
#[derive(Debug, Clone, PartialEq)]
pub enum Reading {
    /// One reading.
    Answerable(Box<Plan>),
    /// Several readings, or none that is whole: the asker chooses, or says it in other words.
    Clarify { message: String, choices: Vec<Choice> },
    /// Nothing in the books answers it.
    Refused { message: String },
}

/// One of several readings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Choice {
    pub label: String,
    pub plan: Plan,
}

/// What a conversation remembers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Memory {
    /// What was computed last.
    pub plan: Option<Plan>,
    /// What the rows of that answer were about, in their order.
    #[serde(default)]
    pub rows: Vec<(Dimension, String)>,
    /// The readings that were offered, where nothing was computed.
    #[serde(default)]
    pub choices: Vec<Choice>,
}

/// Most readings that one question back offers.
const CHOICES_MAX: usize = 8;

/// Reads a question.
#[must_use]
pub fn read(question: &str, world: World<'_>, memory: &Memory) -> Reading {
    let tokens = tokens::tokens(question);
    if let Some(plan) = follow::chosen(question, &tokens, memory) {
        return Reading::Answerable(Box::new(plan));
    }
    let items = items::items(&tokens, world);
    interpret(&items, world, memory)
}

/// Reads items; where a name may be one of several things, each is tried.
fn interpret(items: &[Item], world: World<'_>, memory: &Memory) -> Reading {
    if let Some((place, readings)) = items.iter().enumerate().find_map(|(place, item)| match &item.kind {
        Kind::Either(readings) => Some((place, readings)),
        _ => None,
    }) {
        return when(items, place, readings, world, memory);
    }
    if let Some((place, candidates)) = ambiguous(items) {
        return choose(items, place, &candidates, world, memory);
    }
    match Draft::of(items) {
        Ok(draft) => follow::merged(draft, world, memory),
        Err(reading) => *reading,
    }
}

/// The first name with several meanings, of which no word beside it chooses one.
fn ambiguous(items: &[Item]) -> Option<(usize, Vec<Candidate>)> {
    items.iter().enumerate().find_map(|(place, item)| {
        let Kind::Name { sureness, candidates } = &item.kind else { return None };
        let beside = draft::nouns_beside(items, place);
        let chosen: Vec<Candidate> =
            candidates.iter().filter(|candidate| beside.contains(&candidate.dimension)).cloned().collect();
        let left = if chosen.is_empty() { candidates.clone() } else { chosen };
        let unsure =
            matches!(sureness, Sureness::Slips(slips) if *slips > 1 && item.text.chars().count() < 9);
        (candidates.len() > 1 && left.len() != candidates.len() || left.len() > 1 || unsure)
            .then_some((place, left))
    })
}

fn choose(
    items: &[Item],
    place: usize,
    candidates: &[Candidate],
    world: World<'_>,
    memory: &Memory,
) -> Reading {
    let with = |candidate: &Candidate| {
        let mut items = items.to_vec();
        items[place].kind = Kind::Name { sureness: Sureness::Exact, candidates: vec![candidate.clone()] };
        interpret(&items, world, memory)
    };
    if let [only] = candidates
        && !matches!(&items[place].kind, Kind::Name { candidates, sureness: Sureness::Slips(_) } if candidates.len() == 1)
    {
        return with(only);
    }
    let mut choices = Vec::new();
    for candidate in candidates.iter().take(CHOICES_MAX) {
        match with(candidate) {
            Reading::Answerable(plan) => {
                let label = format!("{} ({})", candidate.label, noun(candidate.dimension));
                choices.push(Choice { label, plan: *plan });
            }
            // Whatever the name means, something else is not clear.
            other => return other,
        }
    }
    let named: Vec<&str> = choices.iter().map(|choice| choice.label.as_str()).collect();
    let message = format!("“{}” may be {}. Which one do you mean?", items[place].text, named.join(" or "));
    Reading::Clarify { message, choices }
}

/// Asks which of several times is meant.
fn when(items: &[Item], place: usize, readings: &[Days], world: World<'_>, memory: &Memory) -> Reading {
    let mut choices = Vec::new();
    for days in readings {
        let mut items = items.to_vec();
        items[place].kind = Kind::Time(When::Days(days.clone()));
        match interpret(&items, world, memory) {
            Reading::Answerable(plan) => choices.push(Choice { label: days.label.clone(), plan: *plan }),
            other => return other,
        }
    }
    let named: Vec<&str> = readings.iter().map(|days| days.label.as_str()).collect();
    let message = format!("“{}” may be {}. Which one do you mean?", items[place].text, named.join(" or "));
    Reading::Clarify { message, choices }
}

/// What a dimension is called in a sentence.
#[must_use]
pub fn noun(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::FiscalYear => "fiscal year",
        Dimension::StoreKind => "kind of store",
        Dimension::LineClass => "line class",
        Dimension::UtmSource => "marketing source",
        Dimension::UtmMedium => "marketing medium",
        Dimension::UtmCampaign => "campaign",
        other => other.as_str(),
    }
}
