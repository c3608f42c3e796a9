//! What a question says, word by word, before it is put together.

mod beside;

use domain::metrics::{Dimension, Filter, Metric};
use rust_decimal::Decimal;

pub(super) use self::beside::{clarify, nouns_beside};
use self::beside::{excludes, measured, unknowable, unknown};
use super::{Reading, noun};
use crate::{
    calendar::When,
    entities::{Candidate, Sureness},
    items::{Item, Kind},
    lexicon::Sense,
    plan::{Bound, Direction},
};

/// Everything a question says.
#[derive(Debug, Clone, Default)]
pub(super) struct Draft {
    pub(super) metrics: Vec<Metric>,
    /// A verb of selling: revenue, if nothing else is named.
    pub(super) sold: bool,
    pub(super) doing: bool,
    pub(super) by: Vec<Dimension>,
    /// Of these the one that is ranked: `best reseller per product`.
    pub(super) ranked: Option<Dimension>,
    /// Whether one is wanted: `the best month`.
    pub(super) singular: bool,
    /// Named, but not in a place that says what for.
    pub(super) loose: Vec<Dimension>,
    /// `all channels`: no group each.
    pub(super) all: Vec<Dimension>,
    pub(super) filters: Vec<Filter>,
    pub(super) times: Vec<When>,
    pub(super) rank: Option<Rank>,
    pub(super) count: Option<Dimension>,
    pub(super) list: Option<Dimension>,
    pub(super) moving: Option<Direction>,
    pub(super) growth_of: Option<Dimension>,
    pub(super) every: Option<Dimension>,
    /// Without a metric: the first of the question.
    pub(super) having: Vec<(Option<Metric>, Bound, Decimal)>,
    pub(super) ordinal: Option<usize>,
    pub(super) notes: Vec<String>,
    pub(super) flags: Vec<Sense>,
    /// `who` asks for a retailer.
    pub(super) who: bool,
    pub(super) where_: bool,
    /// `what sells`, without saying who sells it.
    pub(super) what_sells: bool,
}

/// Which end is wanted, and how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rank {
    pub(super) highest: bool,
    pub(super) limit: Option<u32>,
}

type Refusal = Box<Reading>;

impl Draft {
    /// # Errors
    /// The question back, when a word is not understood or has no place.
    pub(super) fn of(items: &[Item]) -> Result<Self, Refusal> {
        let said: Vec<&Item> = items.iter().filter(|item| item.kind != Kind::Sense(Sense::Filler)).collect();
        let mut draft = Self::default();
        let mut negated = false;
        let mut at = 0;
        while at < said.len() {
            let item = said[at];
            let mut used = 1;
            let mut keeps_negation = false;
            match &item.kind {
                // Times of several readings have been chosen from before.
                Kind::Unknown | Kind::Either(_) => return Err(unknown(item)),
                Kind::Sense(Sense::Unknowable(what)) => return Err(unknowable(what)),
                Kind::Number(number) => used = draft.number(*number, &said, at)?,
                Kind::Time(when) => draft.times.push(when.clone()),
                Kind::Name { sureness, candidates } => {
                    draft.name(item, *sureness, candidates, negated);
                    keeps_negation = true;
                }
                Kind::Sense(Sense::Only(dimension, value)) => {
                    draft.filter(*dimension, [(*value).to_owned()], negated);
                    keeps_negation = true;
                }
                Kind::Sense(Sense::Not) => {
                    negated = true;
                    keeps_negation = true;
                    if matches!(
                        said.get(at + 1).map(|item| &item.kind),
                        Some(Kind::Sense(Sense::Metric(Metric::ReturnsEur)))
                    ) {
                        draft.filter(Dimension::LineClass, ["return".to_owned()], true);
                        used = 2;
                        negated = false;
                    } else if !excludes(&said, at + 1) {
                        return Err(clarify(&format!("What is to be left out after “{}”?", item.text)));
                    }
                }
                Kind::Sense(Sense::And | Sense::Or | Sense::OnlyWord) => keeps_negation = true,
                Kind::Sense(Sense::Dimension(_) | Sense::Retailers)
                    if negated && draft.is_class_noun(&said, at) => {}
                Kind::Sense(Sense::Bounded(bound)) => used = draft.bound(*bound, &said, at)?,
                Kind::Sense(Sense::Between) => used = draft.between(&said, at)?,
                Kind::Sense(sense) => draft.sense(*sense, &said, at),
            }
            negated = negated && keeps_negation;
            at += used;
        }
        Ok(draft)
    }

    fn sense(&mut self, sense: Sense, said: &[&Item], at: usize) {
        match sense {
            // `sell through Galilu` is no rate.
            Sense::Metric(Metric::SellThrough)
                if matches!(said.get(at + 1).map(|item| &item.kind), Some(Kind::Name { .. })) =>
            {
                self.sold = true;
            }
            // `the biggest order`: single orders are not ranked.
            Sense::Metric(Metric::Orders)
                if said[at].text.eq_ignore_ascii_case("order")
                    && matches!(self.leader(said, at), Some(Sense::Best | Sense::Worst)) =>
            {
                self.flags.push(Sense::Vague);
            }
            Sense::Metric(metric) => {
                if !self.metrics.contains(&metric) {
                    self.metrics.push(metric);
                }
            }
            Sense::Sold => {
                let which = at.checked_sub(1).and_then(|before| said.get(before));
                self.what_sells |= which.is_some_and(|item| item.kind == Kind::Sense(Sense::Which))
                    && matches!(said[at].text.to_lowercase().as_str(), "sells" | "sold");
                self.sold = true;
            }
            Sense::Doing => self.doing = true,
            Sense::Dimension(dimension) => self.dimension(dimension, said, at),
            Sense::Retailers => self.retailers(said, at),
            Sense::Every(interval) => self.every = Some(interval),
            Sense::Best | Sense::Most => self.rank(true, said[at]),
            Sense::Worst | Sense::Least => self.rank(false, said[at]),
            Sense::Moving(direction) => self.moving = Some(direction),
            Sense::GrowthOf(interval) => self.growth_of = Some(interval),
            Sense::Ordinal(place) => self.ordinal = Some(place),
            Sense::Which => match said[at].text.to_lowercase().as_str() {
                "who" | "whose" => self.who = true,
                "where" => self.where_ = true,
                _ => self.flags.push(sense),
            },
            Sense::Money | Sense::Percent => {}
            other => self.flags.push(other),
        }
    }

    pub(super) fn has(&self, sense: Sense) -> bool {
        self.flags.contains(&sense)
    }

    fn rank(&mut self, highest: bool, item: &Item) {
        self.sold |= ["sell", "sold"].iter().any(|verb| item.text.to_lowercase().contains(verb));
        let limit = self.rank.and_then(|rank| rank.limit);
        // `top 5 lowest` and the like: the first word says how many, the last which end.
        self.rank = Some(Rank { highest, limit });
    }

    /// Numbers stand beside a rank; others mean nothing that is understood.
    fn number(&mut self, number: Decimal, said: &[&Item], at: usize) -> Result<usize, Refusal> {
        let ranks = |place: Option<&&Item>| {
            place.is_some_and(|item| {
                matches!(
                    item.kind,
                    Kind::Sense(Sense::Best | Sense::Worst | Sense::Most | Sense::Least | Sense::Moving(_))
                )
            })
        };
        let count = u32::try_from(number.trunc().mantissa())
            .ok()
            .filter(|count| number.fract().is_zero() && (1..=1_000).contains(count));
        let before = at.checked_sub(1).and_then(|before| said.get(before));
        let noun = matches!(
            said.get(at + 1).map(|item| &item.kind),
            Some(Kind::Sense(Sense::Dimension(_) | Sense::Retailers))
        );
        let ranked = noun && said.iter().any(|item| ranks(Some(item)));
        let Some(count) = count.filter(|_| ranks(before) || ranks(said.get(at + 1)) || ranked) else {
            return Err(unknown(said[at]));
        };
        let highest = self.rank.is_none_or(|rank| rank.highest);
        self.rank = Some(Rank { highest, limit: Some(count) });
        Ok(1)
    }

    /// `above 1,000 euro`, `more than 50 units`.
    fn bound(&mut self, bound: Bound, said: &[&Item], at: usize) -> Result<usize, Refusal> {
        let next = said.get(at + 1).map(|item| &item.kind);
        if matches!(next, Some(Kind::Time(_)))
            && matches!(said[at].text.to_lowercase().as_str(), "over" | "under")
        {
            // `over the last 12 months`.
            return Ok(1);
        }
        if matches!(next, Some(Kind::Name { .. } | Kind::Sense(Sense::Only(..)))) {
            // `are online sales higher than retail sales`.
            self.flags.push(Sense::Versus);
            return Ok(1);
        }
        let (value, metric, used) = measured(said, at + 1).ok_or_else(|| unknown(said[at]))?;
        self.having.push((metric, bound, value));
        Ok(1 + used)
    }

    fn between(&mut self, said: &[&Item], at: usize) -> Result<usize, Refusal> {
        let Some((low, unit, used)) = measured(said, at + 1) else {
            // `the split between online and retail`.
            self.flags.push(Sense::Between);
            return Ok(1);
        };
        let next = at + 1 + used + 1;
        let (high, other, more) = measured(said, next).ok_or_else(|| unknown(said[at]))?;
        let metric = other.or(unit);
        self.having.push((metric, Bound::AtLeast, low));
        self.having.push((metric, Bound::AtMost, high));
        Ok(1 + used + 1 + more)
    }

    fn name(&mut self, item: &Item, sureness: Sureness, candidates: &[Candidate], negated: bool) {
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
        self.filter(candidate.dimension, candidate.values.iter().cloned(), negated);
    }

    pub(super) fn filter(
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

    /// A noun for what figures are broken down by: what it is for depends on its neighbours.
    fn dimension(&mut self, dimension: Dimension, said: &[&Item], at: usize) {
        let next = said.get(at + 1).map(|item| &item.kind);
        match self.leader(said, at) {
            Some(Sense::By) => self.group(dimension),
            Some(Sense::HowMany | Sense::Different) if !dimension.is_time() => self.count = Some(dimension),
            Some(Sense::List) => self.list = Some(dimension),
            Some(
                leader @ (Sense::Which
                | Sense::Best
                | Sense::Worst
                | Sense::Moving(_)
                | Sense::Most
                | Sense::Least),
            ) => {
                self.group(dimension);
                self.ranked.get_or_insert(dimension);
                self.singular = leader != Sense::Which && !said[at].text.to_lowercase().ends_with('s');
            }
            _ if self.is_class_noun(said, at) => {}
            Some(Sense::All) => self.all.push(dimension),
            // `heat map product by month`, unlike `sales of products by month`.
            Some(Sense::Breakdown | Sense::Chart) | None if matches!(next, Some(Kind::Sense(Sense::By))) => {
                self.group(dimension);
            }
            _ => match next {
                Some(Kind::Sense(
                    Sense::Breakdown
                    | Sense::Trend
                    | Sense::Share
                    | Sense::Doing
                    | Sense::Chart
                    | Sense::Metric(_),
                )) => {
                    self.group(dimension);
                }
                _ => self.loose.push(dimension),
            },
        }
    }

    /// Retailers are vendors of one channel. Before a figure they say whose it is: `reseller sales`.
    fn retailers(&mut self, said: &[&Item], at: usize) {
        let adjective =
            matches!(said.get(at + 1).map(|item| &item.kind), Some(Kind::Sense(Sense::Metric(_))))
                && !matches!(
                    self.leader(said, at),
                    Some(Sense::By | Sense::Which | Sense::Best | Sense::Worst)
                );
        let beside =
            matches!(self.leader(said, at), Some(Sense::Versus | Sense::Compare | Sense::And | Sense::Or));
        let named =
            self.filters.iter().any(|filter| filter.dimension == Dimension::Channel && !filter.excluded);
        if !self.is_class_noun(said, at) && (beside || !named) {
            self.filter(Dimension::Channel, ["retail".to_owned()], false);
        } else if named {
            self.flags.push(Sense::Contradiction);
        }
        if !adjective {
            let loose = self.loose.len();
            self.dimension(Dimension::Vendor, said, at);
            // `products from resellers`: said with the channel already.
            self.loose.truncate(loose);
        }
    }

    fn group(&mut self, dimension: Dimension) {
        if !self.by.contains(&dimension) {
            self.by.push(dimension);
        }
    }

    /// The word that leads to a noun, over names and numbers between them: `top 5 French products`, `by store and product`.
    fn leader(&self, said: &[&Item], at: usize) -> Option<Sense> {
        let mut place = at;
        while place > 0 {
            place -= 1;
            match &said[place].kind {
                Kind::Name { .. } | Kind::Number(_) | Kind::Sense(Sense::Only(..)) => {}
                Kind::Sense(Sense::And) if place > 0 => {
                    return match &said[place - 1].kind {
                        Kind::Sense(Sense::Dimension(dimension)) if self.by.contains(dimension) => {
                            Some(Sense::By)
                        }
                        Kind::Sense(Sense::Retailers) if self.by.contains(&Dimension::Vendor) => {
                            Some(Sense::By)
                        }
                        Kind::Sense(Sense::Every(_)) => Some(Sense::By),
                        _ => None,
                    };
                }
                Kind::Sense(sense) => return Some(*sense),
                _ => return None,
            }
        }
        None
    }

    /// Whether the noun only says what a name beside it is: `Liberty stores`, `the city of Berlin`.
    fn is_class_noun(&self, said: &[&Item], at: usize) -> bool {
        let dimension = match said[at].kind {
            Kind::Sense(Sense::Dimension(dimension)) => dimension,
            Kind::Sense(Sense::Retailers) => Dimension::Vendor,
            _ => return false,
        };
        let names = |place: Option<usize>| {
            let kind = place.and_then(|place| said.get(place)).map(|item| &item.kind);
            match kind {
                Some(Kind::Name { candidates, .. }) => {
                    candidates.iter().any(|candidate| candidate.dimension == dimension)
                }
                Some(Kind::Sense(Sense::Only(known, _))) => *known == dimension,
                _ => false,
            }
        };
        names(at.checked_sub(1)) || names(Some(at + 1))
    }
}
