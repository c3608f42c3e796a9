//! Figures of the same store and time stand in one group.

use super::{
    super::{Group, Place, Sums},
    Figure,
};
use crate::profile::{Measure, Role, Table};

/// Columns under the same words: the first one, and one that repeats it.
type Copies = Vec<(u32, u32)>;

/// Figures of the same store and time belong together. Of columns under the same words the first one counts, or those
/// that a person chose.
pub(super) fn grouped(table: &Table, figures: &[Figure], place: &Place<'_>) -> (Vec<Group>, Copies) {
    let mut groups: Vec<Group> = Vec::new();
    let mut copies = Copies::new();
    let alike = |one: &Figure, other: &Figure| {
        (one.measure, &one.store, &one.above, one.time)
            == (other.measure, &other.store, &other.above, other.time)
            && !one.total
            && !other.total
    };
    for (at, figure) in figures.iter().enumerate() {
        let before = figures.iter().take(at).filter(|other| alike(other, figure));
        let behind = figures.iter().skip(at + 1).filter(|other| alike(other, figure)).count();
        let (first, nth) = (before.clone().next(), before.count());
        match place.nth {
            _ if place.every => {}
            Some(chosen) if nth + 1 == chosen || (behind == 0 && nth + 1 < chosen) => {}
            Some(_) => continue,
            None => {
                if let Some(first) = first {
                    copies.push((first.column, figure.column));
                    continue;
                }
            }
        }
        let slot = |group: &Group| match figure.measure {
            Measure::Quantity => group.quantity,
            Measure::Amount => group.amount,
        };
        let same = |group: &Group| {
            group.store == figure.store
                && group.above == figure.above
                && group.time == figure.time
                && group.sums.is_some() == figure.total
        };
        let index = match groups.iter().position(|group| same(group) && slot(group).is_none()) {
            Some(index) => index,
            None => {
                groups.push(Group {
                    store: figure.store.clone(),
                    above: figure.above.clone(),
                    time: figure.time,
                    title: figure.title.clone(),
                    sums: figure.total.then(Sums::default),
                    ..Group::default()
                });
                groups.len() - 1
            }
        };
        if let Some(group) = groups.get_mut(index) {
            match figure.measure {
                Measure::Quantity => group.quantity = Some(figure.column),
                Measure::Amount => group.amount = Some(figure.column),
            }
        }
    }
    drop_halves(table, &mut groups);
    for index in 0..groups.len() {
        let sums = members(&groups, index);
        if let Some(group) = groups.get_mut(index) {
            group.sums = sums;
        }
    }
    (groups, copies)
}

/// Where some groups have all figures that the table requires, one with half of them is something else.
fn drop_halves(table: &Table, groups: &mut Vec<Group>) {
    let requires = |role| table.required.contains(&role);
    let whole = |group: &Group| {
        (group.quantity.is_some() || !requires(Role::Quantity))
            && (group.amount.is_some() || !requires(Role::Amount))
    };
    let totals_only = |role| {
        requires(role)
            && groups.iter().all(|group| {
                group.sums.is_some()
                    || if role == Role::Amount { group.amount.is_none() } else { group.quantity.is_none() }
            })
    };
    if !totals_only(Role::Quantity) && !totals_only(Role::Amount) {
        groups.retain(|group| group.sums.is_some() || whole(group));
    }
}

/// What a total column sums up: every group of its store and time, or only those since the total before it.
fn members(groups: &[Group], index: usize) -> Option<Sums> {
    let total = groups.get(index).filter(|group| group.sums.is_some())?;
    let at = |group: &Group| group.amount.or(group.quantity).unwrap_or_default();
    let covers = |group: &Group| {
        (total.store.is_none() || total.store == group.store)
            && total.time.is_none_or(|time| group.time == Some(time) || time.contains(group.time))
    };
    let single = |(_, group): &(usize, &Group)| group.sums.is_none() && covers(group);
    let all: Vec<usize> = groups.iter().enumerate().filter(single).map(|(index, _)| index).collect();
    let totals = groups.iter().filter(|group| group.sums.is_some() && at(group) < at(total));
    let since = totals.map(at).max();
    let is_near = |index: &&usize| {
        let column = groups.get(**index).map_or(0, at);
        since.is_none_or(|since| column > since) && column < at(total)
    };
    let near = all.iter().filter(is_near).copied().collect();
    Some(Sums { all, near })
}
