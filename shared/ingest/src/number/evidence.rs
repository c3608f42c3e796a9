//! What the texts of a column say about its decimal separator.

use super::{Dialect, Numeral, Reading};
use crate::text;

/// What the texts of one column say about its dialect.
#[derive(Debug, Clone, Default)]
pub(crate) struct Evidence {
    point: u64,
    comma: u64,
    /// First text with two readings: row number and text.
    pub(crate) ambiguous: Option<(u32, String)>,
    /// Which separators stand in such texts.
    ambiguous_point: bool,
    ambiguous_comma: bool,
    /// How many such texts there are, and how many of them end with three noughts.
    ambiguous_texts: u64,
    ambiguous_noughts: u64,
}

/// What can be concluded from [`Evidence`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// No text needs a decision.
    Plain,
    Decided(Dialect),
    /// Some texts have two readings and none has only one.
    Undecided,
    /// Some texts can only be read one way and some only the other.
    Mixed,
}

impl Evidence {
    pub(crate) fn observe(&mut self, row: u32, text: &str) {
        let Some(numeral) = Numeral::read(text) else { return };
        match numeral.reading() {
            Reading::Plain => {}
            Reading::Only(Dialect::Point) => self.point += 1,
            Reading::Only(Dialect::Comma) => self.comma += 1,
            Reading::Two => {
                self.ambiguous_point |= text.contains('.');
                self.ambiguous_comma |= text.contains(',');
                self.ambiguous_texts += 1;
                self.ambiguous_noughts += u64::from(text.trim_end().ends_with("000"));
                self.ambiguous.get_or_insert_with(|| (row, text::shorten(text, 60)));
            }
        }
    }

    /// Whether a dialect reads the texts with two readings as thousands. Three decimals are so rare that the habit of a
    /// country does not settle them.
    pub(crate) fn groups_in(&self, dialect: Dialect) -> bool {
        match dialect {
            Dialect::Point => !self.ambiguous_point,
            Dialect::Comma => !self.ambiguous_comma,
        }
    }

    /// Whether all texts with two readings are thousands, or whole numbers with three decimals: `2.000` pieces are two.
    pub(crate) fn has_noughts_only(&self) -> bool {
        self.ambiguous_texts > 1 && self.ambiguous_texts == self.ambiguous_noughts
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.point += other.point;
        self.comma += other.comma;
    }

    pub(crate) fn verdict(&self) -> Verdict {
        match (self.point > 0, self.comma > 0, self.ambiguous.is_some()) {
            (true, true, _) => Verdict::Mixed,
            (true, false, _) => Verdict::Decided(Dialect::Point),
            (false, true, _) => Verdict::Decided(Dialect::Comma),
            (false, false, true) => Verdict::Undecided,
            (false, false, false) => Verdict::Plain,
        }
    }
}
