//! What makes it doubtful that everything read is sales.

use domain::Cut;
use rust_decimal::Decimal;

use super::{Acceptor, SHOWN_CHARS};
use crate::{doubt::Doubt, figures, profile::Role, text};

/// More words than this are no types of rows.
const MAX_UNEXPLAINED: usize = 30;

impl Acceptor<'_> {
    /// Keeps the first doubt of each kind.
    pub(crate) fn doubt(&mut self, doubt: Doubt) {
        let kind = std::mem::discriminant(&doubt);
        if !self.doubts.iter().any(|other| std::mem::discriminant(other) == kind) {
            self.doubts.push(doubt);
        }
    }

    /// What a person said about the rows with a word.
    pub(crate) fn explained(&self, role: Role, word: &str) -> Option<&str> {
        self.input.answer(&row_type_question(role, word))
    }

    pub(crate) fn unexplained(&mut self, role: Role, word: &str, cell: Option<String>) {
        let key = (role, text::fold(&text::shorten(word, SHOWN_CHARS)));
        if self.unexplained.len() < MAX_UNEXPLAINED {
            self.unexplained.entry(key).or_insert(cell);
        }
    }

    /// Looks for a sheet that sums up all others.
    pub(crate) fn doubt_sum_sheet(&mut self) {
        /// Of two sheets either may be the copy of the other.
        const MIN_SHEETS: usize = 3;
        let sheets = &self.sums_of_sheets;
        if sheets.len() < MIN_SHEETS || self.input.answer(Doubt::SUM_SHEET).is_some() {
            return;
        }
        let all = sheets
            .iter()
            .fold([Decimal::ZERO; 2], |[q, a], (_, [quantity, amount])| [q + quantity, a + amount]);
        let is_sum = |(_, own): &&(String, [Decimal; 2])| {
            own.iter().any(|figure| !figure.is_zero())
                && own.iter().zip(all).all(|(own, all)| figures::ties(*own, all - own))
        };
        if let Some((name, _)) = sheets.iter().find(is_sum) {
            let name = name.clone();
            self.doubt(Doubt::SumSheet { name });
        }
    }

    /// Whether a cut has amounts in several currencies.
    pub(crate) fn has_currencies(&self, cut: &Cut) -> bool {
        let of_cut = self.periods.get(cut).into_iter().flatten();
        let mut currencies =
            of_cut.filter(|(_, sums)| sums.amount.is_some()).map(|((_, currency), _)| *currency);
        currencies.next().is_some_and(|first| currencies.any(|other| other != first))
    }
}

/// Id of the question what the rows with a word are.
pub(crate) fn row_type_question(role: Role, word: &str) -> String {
    let column = match role {
        Role::Status => "status",
        Role::Measure => "measure",
        _ => "line_type",
    };
    format!("{column}/{}", text::fold(word))
}
