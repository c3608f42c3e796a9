//! Names alone above the rows that belong to them.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Line, ask,
    times::{OF_TIME, is_time},
};
use crate::{
    cell::Cell,
    infer::{band::Band, findings::Findings, sample::Sample},
    profile::{Role, Sections},
    text,
};

/// Names alone above rows of products: stores, when the same products come again under another name.
pub(super) fn bare(
    lines: &[Line],
    blank: Role,
    band: &Band,
    sample: &Sample,
    findings: &mut Findings<'_>,
) -> Option<Sections> {
    let is_name = |line: &Line| line.label.is_some() && line.figures.iter().all(Option::is_none);
    let inside = lines.iter().filter(|line| is_name(line)).count();
    let first = lines.first().filter(|line| is_name(line)).and_then(|line| line.label.clone());
    // Where the first name stands above the header, the header comes again below each of the others.
    let first = first.or_else(|| above(band, sample).filter(|_| headers(band, sample) > inside))?;
    let mut name = first.clone();
    let mut names = BTreeSet::from([first]);
    let mut places: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let mut before_was_name = false;
    for line in lines {
        if let Some(label) = line.label.clone().filter(|_| is_name(line)) {
            if before_was_name {
                return None;
            }
            names.insert(label.clone());
            name = label;
            before_was_name = true;
        } else {
            before_was_name = false;
            places.entry(&line.product).or_default().insert(name.clone());
        }
    }
    let shared = places.iter().filter(|(product, places)| !product.is_empty() && places.len() > 1).count();
    let times = names.iter().filter(|name| is_time(name)).count();
    let of_time = times > 0;
    if times >= 2 {
        findings.ask("layout", "layout_unknown", OF_TIME, None, Vec::new());
    }
    if names.len() < 2 || of_time || before_was_name {
        return None;
    }
    let rule = Sections { blank: vec![blank], levels: 1, bare: true, ..Sections::default() };
    let stores = Some(Sections { store: Some(0), ..rule.clone() });
    match findings.answer("sections") {
        _ if shared > 0 => stores,
        // Names within one table are groups of products; tables of their own may be those of stores.
        _ if headers(band, sample) < 2 => None,
        Some("store") => stores,
        Some(_) => Some(rule),
        None => {
            let examples: Vec<String> = names.iter().take(3).cloned().collect();
            ask(&examples, "each stands above a table of its own", findings);
            Some(rule)
        }
    }
}

/// How often the header stands in the sheet.
pub(super) fn headers(band: &Band, sample: &Sample) -> usize {
    let header = band.header.and_then(|at| sample.rows.get(at));
    header.map_or(0, |header| sample.rows.iter().filter(|row| row.cells == header.cells).count())
}

/// The name that stands alone above the header.
pub(super) fn above(band: &Band, sample: &Sample) -> Option<String> {
    let above = sample.rows.get(..band.header?)?;
    match &above.last()?.cells[..] {
        [(_, Cell::Text(text))] => Some(text::fold(text)),
        _ => None,
    }
}
