//! What a row is and what it is worth, where columns other than the amount say so.

use std::borrow::Cow;

use domain::Currency;
use rust_decimal::Decimal;

use super::{Figures, Table};
use crate::{
    accept::Fault,
    cell::{Row, address},
    header::Group,
    number,
    profile::{Role, RowWords},
    text,
};

/// What the words of a row make of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Sale,
    Return,
    Ignored,
    /// A word that nobody has explained yet.
    Unknown(Role),
}

impl RowWords {
    fn kind(&self, word: &str) -> Option<Kind> {
        let word = text::fold(word);
        let is_in = |words: &[String]| words.iter().any(|other| text::fold(other) == word);
        match () {
            () if is_in(&self.ignored) => Some(Kind::Ignored),
            () if is_in(&self.returns) => Some(Kind::Return),
            () if is_in(&self.sales) => Some(Kind::Sale),
            () => None,
        }
    }
}

impl Table<'_, '_> {
    /// Every column with words must agree that a row counts; one that says return turns its sign.
    pub(super) fn kind(&mut self, row: &Row) -> Kind {
        let mut kind = self.kind_of_measure(row).unwrap_or(Kind::Sale);
        if kind != Kind::Sale {
            return kind;
        }
        for (role, words) in &self.layout.words {
            let word = self.word_of_order(row, *role).unwrap_or_default();
            match self.kind_of(*role, words, &word) {
                Some(Kind::Sale) => {}
                Some(Kind::Return) => kind = Kind::Return,
                Some(other) => return other,
                None => return Kind::Unknown(*role),
            }
        }
        kind
    }

    /// A row whose figures are neither the pieces nor the money of an item.
    fn kind_of_measure(&self, row: &Row) -> Option<Kind> {
        let measured = self.layout.measured.as_ref()?;
        let word = text::fold(&self.text(row, Role::Measure)?);
        let ignored = measured.ignored.iter().any(|other| text::fold(other) == word);
        let kind = if ignored { Some(Kind::Ignored) } else { self.answered(Role::Measure, &word) };
        kind.or(Some(Kind::Unknown(Role::Measure)))
    }

    /// What a word makes of its row, found out once.
    fn kind_of(&mut self, role: Role, words: &RowWords, word: &str) -> Option<Kind> {
        if let Some(known) = self.kinds.get(&role).and_then(|kinds| kinds.get(word)) {
            return known;
        }
        let kind = words.kind(word).or_else(|| self.answered(role, word));
        self.kinds.entry(role).or_default().keep(word, kind)
    }

    /// A text that holds for all lines of an order although it may only stand on the first.
    fn word_of_order<'r>(&mut self, row: &'r Row, role: Role) -> Option<Cow<'r, str>> {
        let printed = self.text(row, role);
        let order = self.text(row, Role::OrderId);
        self.acceptor.of_order(order.as_deref(), role, printed)
    }

    fn answered(&self, role: Role, word: &str) -> Option<Kind> {
        match self.acceptor.explained(role, word)? {
            "sale" => Some(Kind::Sale),
            "return" => Some(Kind::Return),
            _ => Some(Kind::Ignored),
        }
    }

    /// The row waits for a person to say what its word means.
    pub(super) fn unexplained(&mut self, row: &Row, role: Role) -> Fault {
        let word = self.text(row, role).unwrap_or_default();
        let cell = self.found.column(role).map(|column| address(column, row.number));
        self.acceptor.unexplained(role, &word, cell);
        Fault {
            code: "row_type_unknown",
            message: format!("Nobody has said yet whether \"{}\" is a sale.", text::shorten(&word, 60)),
            suggestion: "Answer the question of the upload: it holds for all rows with this word.",
        }
    }

    pub(super) fn currency(&mut self, row: &Row) -> Result<Currency, Fault> {
        let printed = self.word_of_order(row, Role::Currency);
        let stated = printed.as_deref().map(|text| {
            let code = text.parse().ok().filter(|_| text.len() == 3);
            code.or_else(|| number::currency_of(text)?.parse().ok())
        });
        match stated {
            Some(Some(currency)) => Ok(currency),
            Some(None) => Err(Fault {
                code: "currency_invalid",
                message: format!("\"{}\" is no currency.", text::shorten(&printed.unwrap_or_default(), 60)),
                suggestion: "Write the currency as its three letters, for example EUR.",
            }),
            None => self.found.currency.or_else(|| self.acceptor.currency()).ok_or(Fault {
                code: "currency_missing",
                message: "The row does not say its currency.".to_owned(),
                suggestion: "Fill in the currency and upload the file again.",
            }),
        }
    }

    /// Figures of all groups but totals, or the column of the first that cannot be read.
    pub(super) fn all_figures(&self, row: &Row, kind: Kind) -> Result<Vec<Figures>, (Option<u32>, Fault)> {
        let sign = |figure: Decimal| if kind == Kind::Return { -figure.abs() } else { figure };
        let of_group = |group: &Group| {
            if group.sums.is_some() {
                return Ok(Figures::default());
            }
            let [quantity, amount] = self.group_figures(row, group)?;
            let amount = match group.amount {
                Some(_) => amount,
                None => self.priced(row, quantity)?,
            };
            Ok([quantity.map(sign), amount.map(sign)])
        };
        self.found.groups.iter().map(of_group).collect()
    }

    pub(super) fn group_figures(&self, row: &Row, group: &Group) -> Result<Figures, (Option<u32>, Fault)> {
        let figure = |column: Option<u32>| match column {
            Some(column) => self.read(row, column).map_err(|fault| (Some(column), fault)),
            None => Ok(None),
        };
        Ok([figure(group.quantity)?, figure(group.amount)?])
    }

    /// Pieces and money that a row lists as taken back beside those that were sold.
    pub(super) fn returned(&self, row: &Row) -> Result<Option<Figures>, (Option<u32>, Fault)> {
        let figure = |role| self.figure(row, role).map_err(|fault| (self.found.column(role), fault));
        let figures = [figure(Role::ReturnedQuantity)?, figure(Role::ReturnedAmount)?];
        let is_nothing = figures.iter().flatten().all(Decimal::is_zero);
        Ok((!is_nothing).then(|| figures.map(|figure| Some(-figure?.abs()))))
    }

    /// Without a column of amounts the amount is quantity times price, less the discount.
    fn priced(&self, row: &Row, quantity: Option<Decimal>) -> Result<Option<Decimal>, (Option<u32>, Fault)> {
        let figure = |role| self.figure(row, role).map_err(|fault| (self.found.column(role), fault));
        let price = figure(Role::UnitPrice)?;
        let discount = figure(Role::Discount)?.unwrap_or_default().abs();
        let rate = figure(Role::DiscountRate)?.unwrap_or_default();
        if !(Decimal::ZERO..=Decimal::ONE).contains(&rate) {
            let fault = Fault {
                code: "number_invalid",
                message: format!("A discount of {rate} is no share of the price."),
                suggestion: "Write the discount as a share, for example 0.2.",
            };
            return Err((self.found.column(Role::DiscountRate), fault));
        }
        let kept = Decimal::ONE - rate;
        Ok(quantity.zip(price).map(|(quantity, price)| quantity * price * kept - discount))
    }
}
