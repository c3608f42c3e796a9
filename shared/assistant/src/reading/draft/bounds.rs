//! Numbers: how many are wanted, and between which bounds figures lie.

use domain::metrics::{Dimension, Metric, Unit};
use rust_decimal::Decimal;

use super::{
    Draft, Rank, Refusal,
    beside::{clarify, measured, unknown},
};
use crate::{
    items::{Item, Kind},
    lexicon::Sense,
    plan::Bound,
};

/// Nobody bounds pieces by as many without saying that they are pieces; of less it may be either.
const SURELY_EURO: u32 = 1_000;

impl Draft {
    /// Numbers stand beside a rank; others mean nothing that is understood.
    pub(super) fn number(&mut self, number: Decimal, said: &[&Item], at: usize) -> Result<usize, Refusal> {
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
    pub(super) fn bound(&mut self, bound: Bound, said: &[&Item], at: usize) -> Result<usize, Refusal> {
        let next = said.get(at + 1).map(|item| &item.kind);
        if matches!(next, Some(Kind::Time(_)))
            && matches!(said[at].text.to_lowercase().as_str(), "over" | "under")
        {
            // `over the last 12 months`.
            return Ok(1);
        }
        let compared = matches!(next, Some(Kind::Name { .. } | Kind::Sense(Sense::Only(..))))
            || matches!(next, Some(Kind::Time(_)));
        if compared {
            // `are online sales higher than retail sales`, `was 2024 bigger than 2023`.
            self.flags.push(Sense::Versus);
            return Ok(1);
        }
        let (value, metric, used) = measured(said, at + 1).ok_or_else(|| unknown(said[at]))?;
        let metric = bounded(said, at + 1, used, metric)?;
        if metric.is_none() && !said.iter().any(|item| is_figure(item)) && value < Decimal::from(SURELY_EURO)
        {
            return Err(clarify("Is that in euro, or in units?"));
        }
        self.having.push((metric, bound, value));
        Ok(1 + used)
    }

    pub(super) fn between(&mut self, said: &[&Item], at: usize) -> Result<usize, Refusal> {
        let Some((low, unit, used)) = measured(said, at + 1) else {
            // `the split between online and retail`.
            self.flags.push(Sense::Between);
            return Ok(1);
        };
        let next = at + 1 + used + 1;
        let (high, other, more) = measured(said, next).ok_or_else(|| unknown(said[at]))?;
        let metric = bounded(said, next, more, other.or(unit))?;
        self.having.push((metric, Bound::AtLeast, low));
        self.having.push((metric, Bound::AtMost, high));
        Ok(1 + used + 1 + more)
    }
}

/// What a bound in percent is a bound of: the rate that is asked for. Of anything else there are no percents.
fn percented(said: &[&Item], at: usize, used: usize) -> Result<Option<Metric>, Refusal> {
    let is_percent = |item: &&Item| item.kind == Kind::Sense(Sense::Percent);
    if !said.iter().skip(at).take(used).any(is_percent) {
        return Ok(None);
    }
    let rate = said.iter().find_map(|item| match item.kind {
        Kind::Sense(Sense::Metric(metric)) if metric.definition().unit == Unit::Percent => Some(metric),
        _ => None,
    });
    rate.map(Some).ok_or_else(|| clarify("Percent of what? I know margins, return rates and sell-through."))
}

/// What a bound is a bound of, as far as what stands beside it says.
fn bounded(said: &[&Item], at: usize, used: usize, unit: Option<Metric>) -> Result<Option<Metric>, Refusal> {
    if let Some(rate) = percented(said, at, used)? {
        return Ok(Some(rate));
    }
    let money = said.iter().skip(at).take(used).any(|item| item.kind == Kind::Sense(Sense::Money));
    let of_euros = said.iter().find_map(|item| match item.kind {
        Kind::Sense(Sense::Metric(metric)) if metric.definition().unit == Unit::Euro => Some(metric),
        _ => None,
    });
    let pieces = said.get(at + used).is_some_and(|next| match &next.kind {
        Kind::Name { candidates, .. } => candidates
            .iter()
            .all(|name| matches!(name.dimension, Dimension::Product | Dimension::Category | Dimension::Size)),
        _ => false,
    });
    Ok(match unit {
        // `an average order value above 100 euro`.
        Some(_) if money => of_euros.or(unit),
        // `more than 5 Velvet Piano`.
        None if pieces && said[at + used].led.is_empty() => Some(Metric::Units),
        unit => unit,
    })
}

fn is_figure(item: &Item) -> bool {
    matches!(item.kind, Kind::Sense(Sense::Metric(_)))
}
