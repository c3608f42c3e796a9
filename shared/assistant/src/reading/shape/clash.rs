//! What of a question fits together, and what does not.

use domain::metrics::{Dimension, Filter};

use crate::{World, calendar::When, lexicon::Sense, reading::draft::Draft};

/// Whether what is asked for has a day or an interval, as `when` wants it.
pub(super) fn dated(draft: &Draft) -> bool {
    let senses = [
        Sense::FirstSale,
        Sense::LastSale,
        Sense::Forecast,
        Sense::Anomaly,
        Sense::Season,
        Sense::NotSold,
        Sense::Trend,
    ];
    senses.into_iter().any(|sense| draft.has(sense))
        || draft.every.is_some()
        || draft.by.iter().any(|by| by.is_time())
        || draft.sold_before
}

/// `sold at Liberty but not at Galilu`: what was left out would not have been in it.
pub(super) fn left_out_of_others(draft: &Draft, world: World<'_>) -> Option<String> {
    let excluded = draft.filters.iter().filter(|filter| filter.excluded);
    excluded.into_iter().find_map(|filter| {
        let among =
            draft.filters.iter().find(|other| !other.excluded && other.dimension == filter.dimension)?;
        let strange = filter.values.iter().find(|value| !among.values.contains(value))?;
        strange.as_deref().map(|value| world.knowledge.label(filter.dimension, value))
    })
}

/// `was 2024 better than 2023`, `which sells better, A or B`: what is compared is named.
pub(super) fn names_two(draft: &Draft) -> bool {
    let two = |filter: &Filter| draft.names_several(filter);
    draft.times.len() == 2
        || draft.times.iter().any(|time| matches!(time, When::Range { .. })) && draft.has(Sense::Versus)
        || draft.filters.iter().any(two)
            && draft.by.iter().all(|by| draft.filters.iter().any(|f| f.dimension == *by && two(f)))
}

/// `in-store vs online`: stores of the web shop there are none.
pub(super) fn stores_beside_channel(draft: &Draft) -> bool {
    let sides = draft.has(Sense::Versus) || draft.has(Sense::Compare);
    let stores = draft.by.iter().chain(&draft.loose).any(|noun| *noun == Dimension::Store);
    let online = |filter: &Filter| {
        filter.dimension == Dimension::Channel
            && !filter.excluded
            && filter.values == [Some("online".to_owned())]
    };
    sides && stores && draft.filters.iter().any(online)
}
