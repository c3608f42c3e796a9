//! Figures, and which end of them is wanted.

use domain::metrics::{Dimension, Metric};

use super::{Draft, Rank, Refusal, beside::clarify};
use crate::{
    items::{Item, Kind},
    lexicon::Sense,
};

impl Draft {
    pub(super) fn figure(&mut self, metric: Metric, said: &[&Item], at: usize) {
        let before = at.checked_sub(1).map(|before| &said[before].kind);
        let text = said[at].text.to_lowercase();
        let of_name = said.get(at + 1).is_some_and(|next| {
            matches!(next.kind, Kind::Name { .. }) && matches!(next.led.as_str(), "" | "the")
        });
        match metric {
            // `sell through Galilu` is no rate.
            Metric::SellThrough if text.contains(' ') && of_name => {
                self.sold = true;
                return;
            }
            // `what did Boxnox order`: only orders of the web shop are known.
            Metric::Orders
                if text == "order"
                    && matches!(before, Some(Kind::Name { .. } | Kind::Sense(Sense::Retailers))) =>
            {
                self.flags.push(Sense::Vague);
                return;
            }
            // `the biggest order`: single orders are not ranked.
            Metric::Orders
                if text == "order" && matches!(self.leader(said, at), Some(Sense::Best | Sense::Worst)) =>
            {
                self.flags.push(Sense::Vague);
                return;
            }
            // `how many units were returned`.
            Metric::ReturnsEur if text.ends_with("ed") && self.metrics == [Metric::Units] => {
                self.flags.push(Sense::HowMany);
            }
            _ => {}
        }
        self.ranks_by(metric, said, at);
        self.anew |= said[at].led.split(' ').any(|word| word == "in");
        if !self.metrics.contains(&metric) {
            self.metrics.push(metric);
        }
    }

    pub(super) fn rank(&mut self, highest: bool, said: &[&Item], at: usize) -> Result<(), Refusal> {
        let text = said[at].text.to_lowercase();
        let other = self.rank.is_some_and(|rank| rank.highest != highest);
        let joint = said[..at].iter().rev().take_while(|item| !is_rank(item));
        if other
            && joint
                .into_iter()
                .any(|item| matches!(item.kind, Kind::Sense(Sense::And | Sense::Or | Sense::Versus)))
        {
            return Err(clarify("Both ends at once I cannot show: the best or the worst?"));
        }
        self.judges |=
            ["best", "worst", "poorest", "strongest", "weakest"].iter().any(|word| text.starts_with(word));
        let which = at.checked_sub(1).is_some_and(|before| said[before].kind == Kind::Sense(Sense::Which));
        let sells = ["sell", "sold"].iter().any(|verb| text.contains(verb));
        self.sold |= sells;
        self.what_sells |= which && sells && !text.contains("seller");
        let sorts = ["sort", "order", "rank", "in "].iter().any(|verb| text.starts_with(verb));
        self.sorted = sorts && (self.sorted || self.rank.is_none());
        let limit = self.rank.and_then(|rank| rank.limit);
        // `top 5 lowest` and the like: the first word says how many, the last which end.
        self.rank = Some(Rank { highest, limit });
        let noun = matches!(
            said.get(at + 1).map(|item| &item.kind),
            Some(Kind::Sense(Sense::Dimension(_) | Sense::Retailers))
        );
        if (text.ends_with("seller") || text.ends_with("sellers"))
            && !noun
            && !self.who
            && self.ranked.is_none()
        {
            // `the best seller at every retailer` is a product.
            self.group(Dimension::Product);
            self.ranked = Some(Dimension::Product);
            self.singular = text.ends_with("seller");
        }
        Ok(())
    }

    /// `sorted by units`, `most units`: the figure that ranks, whichever is named first.
    fn ranks_by(&mut self, metric: Metric, said: &[&Item], at: usize) {
        let Some(before) = at.checked_sub(1) else { return };
        self.anew |= said[before].kind == Kind::Sense(Sense::By);
        if self.is_order(said, at) || is_rank(said[before]) {
            self.ranked_by = Some(metric);
        }
    }

    /// Whether this is what something is ranked by.
    pub(super) fn is_order(&self, said: &[&Item], at: usize) -> bool {
        let by = at.checked_sub(1).is_some_and(|before| said[before].kind == Kind::Sense(Sense::By));
        by && said[..at].iter().any(|item| is_rank(item))
            || at.checked_sub(1).is_some_and(|before| {
                self.rank.is_some() && said[before].text.to_lowercase().ends_with(" by")
            })
    }
}

fn is_rank(item: &Item) -> bool {
    matches!(item.kind, Kind::Sense(Sense::Best | Sense::Worst | Sense::Most | Sense::Least))
}

/// `the biggest drop`, `winners`: one of several things moved most.
pub(super) fn is_steepest(text: &str) -> bool {
    let text = text.to_lowercase();
    let begins = ["biggest", "largest", "highest", "strongest", "fastest", "best", "top", "most"];
    let ends = ["the most", "fastest", "winners", "losers", "gainers", "movers"];
    begins.iter().any(|word| text.starts_with(word)) || ends.iter().any(|word| text.ends_with(word))
}

/// `how much of our business is online`, unlike `how much of BBGOT100 did we sell`.
pub(super) fn is_divided(said: &[&Item], at: usize) -> bool {
    let figure = |item: &&&Item| matches!(item.kind, Kind::Sense(Sense::Metric(_) | Sense::Doing));
    let Some(place) = said.iter().skip(at).position(|item| figure(&item)) else { return false };
    said.iter().skip(at + place + 1).any(|item| {
        let verbs = ["is", "are", "was", "were", "comes", "came", "come"];
        matches!(item.kind, Kind::Name { .. } | Kind::Sense(Sense::Only(..)))
            && item.led.split(' ').any(|word| verbs.contains(&word))
    })
}
