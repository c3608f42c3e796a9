//! What a person should know of a file that was read.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use domain::{Currency, Cut, Finding};

use super::Acceptor;

impl Acceptor<'_> {
    pub(crate) fn warnings(&self) -> Vec<Finding> {
        let mut warnings = Vec::new();
        let mut missing: BTreeMap<Currency, Vec<String>> = BTreeMap::new();
        // History beside the reported periods needs no euro value.
        let reported: BTreeSet<NaiveDate> = self
            .periods
            .get(&Cut::main())
            .into_iter()
            .flatten()
            .map(|((period, _), _)| period.rate_month())
            .collect();
        for (currency, month) in self.missing_rates.iter().filter(|(_, month)| reported.contains(month)) {
            missing.entry(*currency).or_default().push(month.format("%Y-%m").to_string());
        }
        for (currency, months) in missing {
            warnings.push(Finding::rate_missing(currency.as_str(), &months));
        }
        if self.unknown_eans > 0 {
            warnings.push(Finding {
                code: "ean_invalid".to_owned(),
                message: format!(
                    "{} rows print a product code that is no EAN and not in the catalogue; they are booked without a product.",
                    self.unknown_eans
                ),
            });
        }
        if self.unpriced > 0 {
            warnings.push(Finding {
                code: "list_price_missing".to_owned(),
                message: format!(
                    "{} rows have units without an amount and their products no list price: they have no value until one is imported.",
                    self.unpriced
                ),
            });
        }
        if !self.left_out.is_zero() {
            warnings.push(Finding {
                code: "amount_without_ean".to_owned(),
                message: format!(
                    "Rows without an EAN are left out; together they amount to {}{}.",
                    self.left_out,
                    self.profile.currency.map(|currency| format!(" {currency}")).unwrap_or_default()
                ),
            });
        }
        warnings
    }
}
