//! Names and fixed values as filters, and which of them are left out.

use domain::metrics::{Dimension, Filter};

use super::{Draft, Refusal, beside::clarify};
use crate::{
    entities::{Candidate, Sureness},
    items::{Item, Kind},
    lexicon::Sense,
    reading::noun,
};

/// Words that lead to where, when or whose something is: what follows them is no longer left out.
const PLACES: &[&str] = &["in", "at", "for", "from", "to", "through", "via", "during", "on", "with", "of"];

/// How far a word like `without` reaches: over a list, and no further.
#[derive(Debug, Default)]
pub(super) struct Exclusion {
    open: bool,
    /// Only the next name: `non-UK`.
    one: bool,
    joined: bool,
    of: Option<Dimension>,
}

impl Exclusion {
    pub(super) fn begins(&mut self, word: &Item) {
        let one = word.text.eq_ignore_ascii_case("non");
        *self = Self { open: true, one, joined: false, of: None };
    }

    pub(super) fn joins(&mut self) {
        self.joined = true;
    }

    pub(super) fn ends(&mut self) {
        *self = Self::default();
    }

    pub(super) fn is_open(&self) -> bool {
        self.open
    }

    /// Whether a name of this dimension is left out.
    ///
    /// # Errors
    /// The question back, where it stands so that it may be or not: `without Liberty candles`.
    pub(super) fn takes(&mut self, dimension: Dimension, item: &Item) -> Result<bool, Refusal> {
        let joined = std::mem::take(&mut self.joined);
        if !self.open {
            return Ok(false);
        }
        let led = |words: &[&str]| item.led.split(' ').any(|word| words.contains(&word));
        let before = self.of.replace(dimension);
        match before {
            None => Ok(true),
            Some(_) if self.one || led(&["but"]) => {
                self.ends();
                Ok(false)
            }
            Some(known) if known == dimension => Ok(true),
            Some(_) if led(PLACES) => {
                self.ends();
                Ok(false)
            }
            Some(_) if joined => Ok(true),
            Some(_) => Err(clarify(&format!("Is “{}” left out, or what is looked at?", item.text))),
        }
    }
}

impl Draft {
    pub(super) fn name(
        &mut self,
        said: &[&Item],
        at: usize,
        (sureness, candidates): (Sureness, &[Candidate]),
        negated: bool,
    ) {
        let item = said[at];
        let Some(candidate) = candidates.first() else { return };
        if sureness != Sureness::Exact {
            self.notes.push(format!(
                "“{}” is read as {} {}.",
                item.text,
                noun(candidate.dimension),
                candidate.label
            ));
        } else if candidate.values.len() > 1 && candidate.dimension == Dimension::Product {
            self.notes.push(format!("“{}” is {} products together.", item.text, candidate.values.len()));
        }
        let before = at.checked_sub(1).and_then(|before| said.get(before)).map(|item| &item.kind);
        if candidate.dimension == Dimension::Category
            && matches!(before, Some(Kind::Sense(Sense::Best | Sense::Worst)))
        {
            // `the best selling candle` is one.
            self.singular = !item.text.to_lowercase().ends_with('s');
        }
        self.coded &= candidate.dimension == Dimension::Product && is_code(&item.text);
        self.part_of_whole(candidate.dimension, item);
        self.local |= candidate.dimension == Dimension::Currency && item.led.ends_with("in");
        let family = candidate.values.len() > 1
            && !self.filters.iter().any(|f| f.dimension == candidate.dimension && f.excluded == negated);
        self.families.retain(|dimension| *dimension != candidate.dimension);
        self.families.extend(family.then_some(candidate.dimension));
        self.filter(candidate.dimension, candidate.values.iter().cloned(), negated);
    }

    pub(in crate::reading) fn filter(
        &mut self,
        dimension: Dimension,
        values: impl IntoIterator<Item = String>,
        excluded: bool,
    ) {
        let place = self
            .filters
            .iter()
            .position(|filter| filter.dimension == dimension && filter.excluded == excluded);
        let place = place.unwrap_or_else(|| {
            self.filters.push(Filter { dimension, values: Vec::new(), excluded });
            self.filters.len() - 1
        });
        for value in values.into_iter().map(Some) {
            if !self.filters[place].values.contains(&value) {
                self.filters[place].values.push(value);
            }
        }
    }

    /// Whether several names of one kind are said, and not one that stands for several things.
    pub(in crate::reading) fn names_several(&self, filter: &Filter) -> bool {
        !filter.excluded && filter.values.len() > 1 && !self.families.contains(&filter.dimension)
    }

    /// Of `what share of Liberty's sales is online` the part is what follows the verb.
    pub(super) fn part_of_whole(&mut self, dimension: Dimension, item: &Item) {
        const VERBS: &[&str] = &["is", "are", "was", "were", "comes", "came", "come"];
        let verb = item.led.split(' ').any(|word| VERBS.contains(&word));
        let figured = !self.metrics.is_empty() || self.sold || self.doing;
        if figured && (verb || item.led.split(' ').any(|word| word == "from")) {
            self.source = Some(dimension);
        }
        if verb && figured && !self.filters.is_empty() {
            self.part = Some(dimension);
        }
    }
}

/// `BBGOT100`, `7350154320022`: whoever writes nothing else wants to know what was sold of it.
fn is_code(text: &str) -> bool {
    text.len() > 3 && !text.contains(' ') && text.bytes().any(|byte| byte.is_ascii_digit())
}
