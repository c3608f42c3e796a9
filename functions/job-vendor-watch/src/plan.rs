//! What is to be done about late files, from what is late now and what was known.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use data::{
    coverage::{self, Late, VendorCoverage},
    late_files::LateFile,
};
use domain::LateFileEnd;

/// One thing to do.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Step {
    /// It is late since now: people are told.
    Notice { vendor: String, late: Late },
    /// Known, and late still or again. Nobody is told twice.
    Follow { known: Box<LateFile>, late: Late },
    /// Known, and late no more.
    Settle { known: Box<LateFile>, end: LateFileEnd },
}

/// The steps from what is known to what is so.
pub(crate) fn steps(
    coverage: &[VendorCoverage],
    archived: &[String],
    known: &[LateFile],
    today: NaiveDate,
) -> Vec<Step> {
    let watched: BTreeMap<&str, &VendorCoverage> = coverage
        .iter()
        .filter(|vendor| !archived.contains(&vendor.vendor))
        .map(|vendor| (vendor.vendor.as_str(), vendor))
        .collect();
    let mut steps = Vec::new();
    for (vendor, cover) in &watched {
        for late in coverage::late(cover, today) {
            // One that is open counts before one that was settled.
            let of_days = known.iter().filter(|known| known.vendor == *vendor && known.overlaps(late.days));
            let same = of_days.min_by_key(|known| known.settled_at.is_some());
            steps.push(match same {
                None => Step::Notice { vendor: (*vendor).to_owned(), late },
                Some(known) => Step::Follow { known: Box::new(known.clone()), late },
            });
        }
    }
    for known in known.iter().filter(|known| known.settled_at.is_none()) {
        let Ok(days) = known.days() else { continue };
        if let Some(end) = coverage::ending(watched.get(known.vendor.as_str()).copied(), days) {
            steps.push(Step::Settle { known: Box::new(known.clone()), end });
        }
    }
    steps
}
