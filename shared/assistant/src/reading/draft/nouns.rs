//! Nouns for what figures are broken down by.

use domain::metrics::Dimension;

use super::Draft;
use crate::{
    items::{Item, Kind},
    lexicon::Sense,
};

impl Draft {
    /// A noun for what figures are broken down by: what it is for depends on its neighbours.
    pub(super) fn dimension(&mut self, dimension: Dimension, said: &[&Item], at: usize) {
        let next = said.get(at + 1).map(|item| &item.kind);
        match self.leader(said, at) {
            Some(Sense::By) => self.group(dimension),
            Some(Sense::HowMany | Sense::Different) if !dimension.is_time() => self.count = Some(dimension),
            // `how many months were above 50k`.
            Some(Sense::HowMany) if said[at - 1].kind == Kind::Sense(Sense::HowMany) => {
                self.count = Some(dimension)
            }
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
                let one = leader != Sense::Which || is_one(said.get(at + 1));
                self.singular = one && !said[at].text.to_lowercase().ends_with('s');
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
    pub(super) fn retailers(&mut self, said: &[&Item], at: usize) {
        let adjective = said.get(at + 1).is_some_and(|next| {
            // `retailers with sales above 10k` are looked at themselves.
            matches!(next.kind, Kind::Sense(Sense::Metric(_))) && matches!(next.led.as_str(), "" | "total")
        }) && !matches!(
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
            let first =
                self.rank.is_none() && self.having.is_empty() && !self.sold && self.metrics.is_empty();
            self.dimension(Dimension::Vendor, said, at);
            if self.loose.len() > loose && first && !self.has(Sense::Which) {
                // `retailers ranked by revenue`: what the question is about.
                self.subject = Some(Dimension::Vendor);
            }
            // `products from resellers`: said with the channel already.
            self.loose.truncate(loose);
        }
    }

    pub(super) fn group(&mut self, dimension: Dimension) {
        if !self.by.contains(&dimension) {
            self.by.push(dimension);
        }
    }

    /// The word that leads to a noun, over names and numbers between them: `top 5 French products`, `by store and product`.
    pub(super) fn leader(&self, said: &[&Item], at: usize) -> Option<Sense> {
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
    pub(super) fn is_class_noun(&self, said: &[&Item], at: usize) -> bool {
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

/// `which month was best`, unlike `which product sells best`: one is asked for.
fn is_one(next: Option<&&Item>) -> bool {
    next.is_some_and(|item| {
        let verb = item.led.split(' ').next().is_some_and(|word| matches!(word, "is" | "was"));
        verb && matches!(item.kind, Kind::Sense(Sense::Best | Sense::Worst | Sense::Most | Sense::Least))
            && !["sell", "sold", "perform"].iter().any(|word| item.text.to_lowercase().contains(word))
    })
}
