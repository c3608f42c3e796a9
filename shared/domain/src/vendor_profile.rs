//! Vendor profiles as an organisation keeps them, and what testing one on earlier files showed.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Currency, Cut, Period, StatedPeriod, UploadId, words::words};

words!(
    /// Where a version of a profile comes from.
    ProfileOrigin {
        /// Comes with Shelfline; nobody changes it.
        Shipped = "shipped",
        /// Confirmed by a person on an upload.
        Learned = "learned",
        Imported = "imported",
        /// Changed by a person.
        Edited = "edited",
    }
);

words!(
    /// What a profile does to a file that was booked before.
    TestOutcome {
        /// It reads the same rows, sums and periods.
        Same = "same",
        /// It reads something else than what was booked: a contradiction.
        Differs = "differs",
        /// It asks, where the booked reading needed no answer.
        Asks = "asks",
        /// The file is read by another profile.
        Unaffected = "unaffected",
        /// The file could not be tested: gone, too large, or out of time.
        Untested = "untested",
    }
);

/// Earlier uploads read again with a profile, without booking anything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BackTest {
    pub tested_at: DateTime<Utc>,
    /// Newest first: the vendor's own, then one of every other layout in use.
    pub files: Vec<TestedFile>,
}

impl BackTest {
    /// How many files it does this to.
    #[must_use]
    pub fn count(&self, outcome: TestOutcome) -> usize {
        self.files.iter().filter(|file| file.outcome == outcome).count()
    }

    /// The first file that it reads in another way than what was booked.
    #[must_use]
    pub fn contradiction(&self) -> Option<&TestedFile> {
        self.files.iter().find(|file| file.outcome == TestOutcome::Differs)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TestedFile {
    pub upload_id: UploadId,
    pub file_name: String,
    pub outcome: TestOutcome,
    /// For people, where the outcome alone does not say enough.
    pub message: Option<String>,
    pub differences: Vec<PeriodDifference>,
}

/// A period of which two readings say different things.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PeriodDifference {
    pub cut: Cut,
    #[serde(flatten)]
    pub period: Period,
    pub currency: Currency,
    /// `None` when only the new reading states it.
    pub before: Option<PeriodFigures>,
    /// `None` when the new reading does not state it.
    pub after: Option<PeriodFigures>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PeriodFigures {
    pub records: u64,
    pub quantity: Decimal,
    pub amount_local: Option<Decimal>,
}

impl StatedPeriod {
    /// The periods about which two readings differ, in order of time.
    #[must_use]
    pub fn differences(before: &[Self], after: &[Self]) -> Vec<PeriodDifference> {
        let mut sides: BTreeMap<(&Cut, Period, Currency), [Option<PeriodFigures>; 2]> = BTreeMap::new();
        for (side, stated) in [before, after].into_iter().enumerate() {
            for stated in stated {
                let key = (&stated.cut, stated.period, stated.currency);
                sides.entry(key).or_default()[side] = Some(PeriodFigures {
                    records: stated.records,
                    quantity: stated.quantity,
                    amount_local: stated.amount_local,
                });
            }
        }
        let differing = sides.into_iter().filter(|(_, [before, after])| before != after);
        differing
            .map(|((cut, period, currency), [before, after])| PeriodDifference {
                cut: cut.clone(),
                period,
                currency,
                before,
                after,
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stated(month: u32, records: u64) -> StatedPeriod {
        StatedPeriod {
            cut: Cut::main(),
            period: Period::month(2026, month).unwrap(),
            currency: Currency::EUR,
            records,
            quantity: Decimal::new(10, 0),
            amount_local: Some(Decimal::new(1050, 2)),
        }
    }

    #[test]
    fn readings_that_say_the_same_in_other_words_do_not_differ() {
        let scaled = StatedPeriod { quantity: Decimal::new(1000, 2), ..stated(1, 3) };
        assert_eq!(StatedPeriod::differences(&[stated(1, 3), stated(2, 1)], &[stated(2, 1), scaled]), []);
    }

    #[test]
    fn every_period_that_is_missing_new_or_other_is_listed_with_both_sides() {
        let differences =
            StatedPeriod::differences(&[stated(1, 3), stated(2, 1)], &[stated(2, 2), stated(3, 1)]);
        let records = |side: &Option<PeriodFigures>| side.map(|figures| figures.records);
        let found: Vec<_> = differences.iter().map(|d| (records(&d.before), records(&d.after))).collect();
        assert_eq!(found, [(Some(3), None), (Some(1), Some(2)), (None, Some(1))]);
    }
}
