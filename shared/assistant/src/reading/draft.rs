//! What a question says, word by word, before it is put together.

mod beside;
mod bounds;
mod names;
mod nouns;
mod ranks;

use domain::metrics::{Dimension, Filter, Metric};
use rust_decimal::Decimal;

pub(super) use self::beside::{clarify, nouns_beside};
use self::{
    beside::{excludes, unknowable, unknown},
    names::Exclusion,
    ranks::{is_divided, is_steepest},
};
use super::Reading;
use crate::{
    calendar::When,
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
    /// The figure that ranks; otherwise the first one.
    pub(super) ranked_by: Option<Metric>,
    /// `best` and `worst`, which are not always the highest and the lowest.
    pub(super) judges: bool,
    /// `all retailers combined`: no group each.
    pub(super) combined: bool,
    /// Of these one name alone has several values: the sizes of a product.
    pub(super) families: Vec<Dimension>,
    /// What `of revenue from candles` may be the part of, or the whole.
    pub(super) source: Option<Dimension>,
    /// `top retailers by growth`.
    pub(super) by_growth: bool,
    /// `how did Liberty do in October`.
    pub(super) how: bool,
    /// `in every month`: not in some of them.
    pub(super) each: bool,
    /// A day or an interval is asked for.
    pub(super) when: bool,
    /// `revenue in GBP`: as it is booked.
    pub(super) local: bool,
    /// `in units`: figures of another kind, and what they rank.
    pub(super) anew: bool,
    /// Put in order, and none left out: `sorted by units`.
    pub(super) sorted: bool,
    /// What a question about retailers begins with: `retailers above 10k`.
    pub(super) subject: Option<Dimension>,
    /// The part of a share, where what it is a part of is named as well.
    pub(super) part: Option<Dimension>,
    /// The only time is what something else is compared with: `vs last year`.
    pub(super) against: bool,
    /// `the biggest drop`: of which of several things?
    pub(super) steepest: bool,
    /// `the last sale`: one, of anything.
    pub(super) single: bool,
    /// The asker knows that only those are shown that sold before.
    pub(super) sold_before: bool,
    /// Nothing is named but products by their codes.
    pub(super) coded: bool,
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
        let mut draft = Self { coded: true, ..Self::default() };
        let mut left_out = Exclusion::default();
        let mut at = 0;
        while at < said.len() {
            let item = said[at];
            let mut used = 1;
            let mut keeps_open = true;
            match &item.kind {
                // Times of several readings have been chosen from before.
                Kind::Unknown | Kind::Either(_) => return Err(unknown(item)),
                Kind::Sense(Sense::Unknowable(what)) => return Err(unknowable(what)),
                Kind::Name { sureness, candidates } => {
                    let Some(dimension) = candidates.first().map(|candidate| candidate.dimension) else {
                        return Err(unknown(item));
                    };
                    let negated = left_out.takes(dimension, item)?;
                    draft.name(&said, at, (*sureness, candidates), negated);
                }
                Kind::Sense(Sense::Only(dimension, value)) => {
                    let negated = left_out.takes(*dimension, item)?;
                    draft.part_of_whole(*dimension, item);
                    draft.coded = false;
                    draft.filter(*dimension, [(*value).to_owned()], negated);
                }
                Kind::Sense(Sense::Not) => used = draft.leaves_out(&said, at, &mut left_out)?,
                Kind::Sense(Sense::And | Sense::Or) => left_out.joins(),
                Kind::Sense(Sense::OnlyWord) => {}
                Kind::Sense(Sense::Dimension(_) | Sense::Retailers)
                    if left_out.is_open() && draft.is_class_noun(&said, at) => {}
                _ => {
                    keeps_open = false;
                    used = draft.plain(&said, at)?;
                }
            }
            if !keeps_open {
                left_out.ends();
            }
            at += used;
        }
        match said.last() {
            Some(Item {
                kind: Kind::Sense(Sense::By | Sense::And | Sense::Or | Sense::Between),
                text,
                ..
            }) => Err(clarify(&format!("What is to follow “{text}”?"))),
            _ => Ok(draft),
        }
    }

    /// What is neither a name nor says how names are meant. Tells how many items it takes.
    fn plain(&mut self, said: &[&Item], at: usize) -> Result<usize, Refusal> {
        match &said[at].kind {
            Kind::Number(number) => self.number(*number, said, at),
            Kind::Time(when) => {
                self.time(when, said, at);
                Ok(1)
            }
            Kind::Sense(Sense::Bounded(bound)) => self.bound(*bound, said, at),
            Kind::Sense(Sense::Between) => self.between(said, at),
            Kind::Sense(sense @ (Sense::Best | Sense::Worst | Sense::Most | Sense::Least)) => {
                self.rank(matches!(sense, Sense::Best | Sense::Most), said, at)?;
                Ok(1)
            }
            Kind::Sense(Sense::Including) => Err(unknown(said[at])),
            Kind::Sense(sense) => {
                self.sense(*sense, said, at);
                Ok(1)
            }
            _ => Ok(1),
        }
    }

    /// `except Liberty`, `without returns`.
    fn leaves_out(&mut self, said: &[&Item], at: usize, left_out: &mut Exclusion) -> Result<usize, Refusal> {
        let next = said.get(at + 1).map(|item| &item.kind);
        if matches!(next, Some(Kind::Sense(Sense::Metric(Metric::ReturnsEur)))) {
            self.filter(Dimension::LineClass, ["return".to_owned()], true);
            left_out.ends();
            return Ok(2);
        }
        let figure = said.get(at + 2).is_some_and(|item| {
            matches!(item.kind, Kind::Sense(Sense::Metric(Metric::RevenueEur | Metric::Units)))
        });
        let none = matches!(said[at].text.to_lowercase().as_str(), "no" | "zero");
        let sold = at.checked_sub(1).is_some_and(|before| said[before].kind == Kind::Sense(Sense::Sold));
        if none && (figure || sold) && excludes(said, at + 1) {
            // `retailers with no candle sales`, `stores that sold no candles`.
            self.flags.push(Sense::NotSold);
            return Ok(1);
        }
        if !excludes(said, at + 1) {
            return Err(clarify(&format!("What is to be left out after “{}”?", said[at].text)));
        }
        left_out.begins(said[at]);
        Ok(1)
    }

    fn time(&mut self, when: &When, said: &[&Item], at: usize) {
        let before = at.checked_sub(1).and_then(|before| said.get(before));
        let led = said[at].led.split(' ').next().unwrap_or_default();
        let against = before.is_some_and(|item| match item.kind {
            Kind::Sense(Sense::Versus) => true,
            Kind::Sense(Sense::Bounded(_)) => !matches!(item.text.to_lowercase().as_str(), "over" | "under"),
            Kind::Sense(Sense::Compare) => {
                !item.text.to_lowercase().starts_with("compar") || item.text.contains(' ')
            }
            Kind::Sense(Sense::Moving(_)) if item.text.contains(' ') && led.is_empty() => {
                [" on", " of", " from"].iter().any(|end| item.text.to_lowercase().ends_with(end))
            }
            Kind::Sense(Sense::Change) => matches!(led, "on" | "from" | "to"),
            Kind::Sense(Sense::Moving(_) | Sense::Growth | Sense::GrowthOf(_)) => {
                matches!(led, "on" | "from")
            }
            _ => false,
        });
        self.against |= against && self.times.is_empty();
        self.times.push(when.clone());
    }

    fn sense(&mut self, sense: Sense, said: &[&Item], at: usize) {
        match sense {
            Sense::Metric(metric) => self.figure(metric, said, at),
            Sense::Sold => {
                let which = at.checked_sub(1).and_then(|before| said.get(before));
                self.what_sells |= which.is_some_and(|item| item.kind == Kind::Sense(Sense::Which))
                    && matches!(said[at].text.to_lowercase().as_str(), "sells" | "sold" | "selling");
                self.sold = true;
            }
            Sense::Doing => self.doing = true,
            Sense::Dimension(dimension) => self.dimension(dimension, said, at),
            Sense::Retailers => self.retailers(said, at),
            Sense::Every(interval) => {
                self.each |= said[at].text.to_lowercase().starts_with("e");
                self.every = Some(interval);
            }
            Sense::HowMuchOf => {
                self.flags.push(if is_divided(said, at) { Sense::Share } else { Sense::HowMuch })
            }
            Sense::Ordinal(place) => self.ordinal = Some(place),
            Sense::Which => match said[at].text.to_lowercase().as_str() {
                "who" | "whose" => self.who = true,
                // `months where Liberty sold more`: the months.
                "where"
                    if at.checked_sub(1).is_some_and(|before| {
                        matches!(said[before].kind, Kind::Sense(Sense::Dimension(_) | Sense::Retailers))
                    }) => {}
                "where" => self.where_ = true,
                _ => self.flags.push(sense),
            },
            Sense::Money | Sense::Percent => {}
            Sense::When => self.when = true,
            Sense::HowDid => self.how = true,
            other => self.asked(other, said, at),
        }
    }

    /// What is made of the figures.
    fn asked(&mut self, sense: Sense, said: &[&Item], at: usize) {
        match sense {
            Sense::Moving(direction) => {
                self.moving = Some(direction);
                self.steepest |= is_steepest(&said[at].text);
            }
            Sense::Share => {
                let before = at.checked_sub(1).map(|before| &said[before].kind);
                self.source = match before {
                    Some(Kind::Name { candidates, .. }) => candidates.first().map(|name| name.dimension),
                    Some(Kind::Sense(Sense::Only(dimension, _))) => Some(*dimension),
                    _ => self.source,
                };
                self.flags.push(sense);
            }
            Sense::Growth | Sense::GrowthOf(_) => {
                self.by_growth |= self.is_order(said, at);
                match sense {
                    Sense::GrowthOf(interval) => self.growth_of = Some(interval),
                    other => self.flags.push(other),
                }
            }
            Sense::All => {
                let text = said[at].text.to_lowercase();
                self.combined |= matches!(text.as_str(), "combined" | "altogether" | "in all");
                self.flags.push(sense);
            }
            Sense::FirstSale | Sense::LastSale => {
                let text = said[at].text.to_lowercase();
                self.single = text.ends_with(" sale") || text.ends_with(" order");
                if text.ends_with(" order") {
                    self.filter(Dimension::Channel, ["online".to_owned()], false);
                }
                self.flags.push(sense);
            }
            other => self.flags.push(other),
        }
    }

    pub(super) fn has(&self, sense: Sense) -> bool {
        self.flags.contains(&sense)
    }
}
