//! Whether quantities look like pieces and amounts like what pieces cost. Swapped columns tie with their own totals: only
//! their size gives them away.

use domain::{LineClass, Question, QuestionOption};
use rust_decimal::Decimal;

/// Fewer rows say nothing.
const MIN_ROWS: u32 = 3;
/// More than this share of rows is no accident.
const SHARE_PERCENT: u32 = 20;
/// Nobody sells at less than a twentieth of the list price, or at twenty times it.
const FACTOR: Decimal = Decimal::from_parts(20, 0, 0, false, 0);
/// Whole amounts up to this may be pieces.
const MOST_PIECES: Decimal = Decimal::ONE_HUNDRED;

/// What the rows of the main cut look like.
#[derive(Debug, Default)]
pub(crate) struct Plausibility {
    quantities: u32,
    fractions: u32,
    priced: u32,
    implausible: u32,
    paid: u32,
    opposed: u32,
    cheap: u32,
}

impl Plausibility {
    /// `value` is what the quantity costs by list price, in the currency of `amount`.
    pub(crate) fn note(
        &mut self,
        class: LineClass,
        quantity: Option<Decimal>,
        amount: Option<Decimal>,
        value: Option<Decimal>,
    ) {
        let Some(quantity) = quantity.filter(|quantity| !quantity.is_zero()) else { return };
        self.quantities = self.quantities.saturating_add(1);
        self.fractions += u32::from(!quantity.is_integer());
        if let Some(amount) = amount.filter(|amount| !amount.is_zero()) {
            self.paid = self.paid.saturating_add(1);
            self.opposed += u32::from(amount.is_sign_negative() != quantity.is_sign_negative());
            let (pieces, money) = (quantity.abs(), amount.abs());
            let is_less = money.checked_mul(Decimal::TEN).is_some_and(|tenfold| tenfold <= pieces);
            self.cheap += u32::from(is_less && money.is_integer() && money <= MOST_PIECES);
        }
        if let (LineClass::Sale | LineClass::Return, Some(amount), Some(value)) = (class, amount, value)
            && !amount.is_zero()
            && !value.is_zero()
        {
            self.priced = self.priced.saturating_add(1);
            let (amount, value) = (amount.abs(), value.abs());
            let far =
                |small: Decimal, large: Decimal| small.checked_mul(FACTOR).is_some_and(|most| most < large);
            self.implausible += u32::from(far(amount, value) || far(value, amount));
        }
    }

    /// Asks whether the columns were taken for what they are.
    pub(crate) fn question(&self) -> Option<Question> {
        let many = |part: u32, whole: u32| {
            part >= MIN_ROWS && u64::from(part) * 100 > u64::from(whole) * u64::from(SHARE_PERCENT)
        };
        let evidence = match () {
            () if many(self.fractions, self.quantities) => {
                format!("{} of {} quantities are no whole numbers", self.fractions, self.quantities)
            }
            () if many(self.implausible, self.priced) => {
                format!(
                    "{} of {} amounts are far from quantity times list price",
                    self.implausible, self.priced
                )
            }
            () if many(self.opposed, self.paid) => {
                format!("{} of {} amounts have another sign than their quantity", self.opposed, self.paid)
            }
            () if self.cheap >= MIN_ROWS && self.cheap == self.paid => {
                format!("All {} amounts are small whole numbers, far below their quantities", self.cheap)
            }
            () => return None,
        };
        Some(Question {
            id: "plausible".to_owned(),
            code: "figures_implausible".to_owned(),
            message: format!("{evidence}. Perhaps quantity and amount stand in each other's column."),
            cell: None,
            suggestion: None,
            options: vec![QuestionOption {
                value: "accept".to_owned(),
                label: "The figures are right as they were read".to_owned(),
                evidence: "confirmed by a person".to_owned(),
            }],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(rows: &[(&str, &str, &str)]) -> bool {
        let mut seen = Plausibility::default();
        for (quantity, amount, value) in rows {
            let number = |text: &str| text.parse().ok();
            seen.note(LineClass::Sale, number(quantity), number(amount), number(value));
        }
        seen.question().is_some()
    }

    #[test]
    fn swapped_columns_are_noticed_by_fractions_or_by_list_prices() {
        assert!(asked(&[("161.98", "2", ""), ("80.99", "1", ""), ("40.50", "1", "")]));
        assert!(asked(&[("60", "2", ""), ("30", "1", ""), ("30", "1", "")]));
        assert!(asked(&[("245", "1", "60025"), ("490", "2", "120050"), ("120", "1", "14400")]));
    }

    #[test]
    fn discounts_and_a_few_odd_rows_are_not() {
        assert!(!asked(&[
            ("1", "50", "245"),
            ("2", "300", "490"),
            ("1", "245", "245"),
            ("100", "90", "4000")
        ]));
        assert!(!asked(&[("1.5", "3", ""), ("1", "2", ""), ("1", "2", ""), ("1", "2", "")]));
    }
}
