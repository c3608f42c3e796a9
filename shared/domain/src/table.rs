//! Tables on their way from the database into files: columns of one kind each, rows in blocks.

use std::borrow::Cow;

/// What the values of a column are. All of them travel as texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Anything, also what a stranger wrote.
    Text,
    /// A decimal with two decimals or more.
    Money,
    /// A decimal without needless zeros: pieces, rates.
    Number,
    Integer,
    /// `YYYY-MM-DD`
    Date,
    /// RFC 3339, UTC.
    Time,
    /// `true` or `false`
    Flag,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub name: Cow<'static, str>,
    pub kind: Kind,
}

impl Column {
    #[must_use]
    pub const fn new(name: &'static str, kind: Kind) -> Self {
        Self { name: Cow::Borrowed(name), kind }
    }
}

/// Where the text of a cell lies; a cell without a value has no place.
type Place = Option<(u32, u32)>;

/// Some rows of a table, one after the other in one text: a block is filled, written and filled again, without an allocation a
/// cell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Block {
    text: String,
    cells: Vec<Place>,
    width: usize,
}

impl Block {
    /// An empty block for rows of so many cells.
    #[must_use]
    pub fn new(width: usize) -> Self {
        Self { text: String::new(), cells: Vec::new(), width }
    }

    pub fn clear(&mut self) {
        self.text.clear();
        self.cells.clear();
    }

    /// Adds a cell; rows follow each other by their width.
    pub fn push(&mut self, kind: Kind, value: Option<&str>) {
        let place = value.map(|value| {
            let start = self.text.len();
            match kind {
                Kind::Money => push_decimal(&mut self.text, value, 2),
                Kind::Number => push_decimal(&mut self.text, value, 0),
                _ => self.text.push_str(value),
            }
            // A block holds some thousand rows of texts that are bounded each.
            let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
            (place(start), place(self.text.len()))
        });
        self.cells.push(place);
    }

    /// Rows that are whole.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.cells.len().checked_div(self.width).unwrap_or(0)
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// How much text it holds.
    #[must_use]
    pub fn size_bytes(&self) -> usize {
        self.text.len()
    }

    /// The rows, each with its cells.
    pub fn iter(&self) -> impl Iterator<Item = impl Iterator<Item = Option<&str>>> {
        self.cells.chunks_exact(self.width.max(1)).map(|row| row.iter().map(|place| self.at(*place)))
    }

    /// The cells of one column.
    pub fn column(&self, index: usize) -> impl Iterator<Item = Option<&str>> {
        self.cells.chunks_exact(self.width.max(1)).map(move |row| self.at(row.get(index).copied().flatten()))
    }

    fn at(&self, place: Place) -> Option<&str> {
        let (start, end) = place?;
        self.text.get(start as usize..end as usize)
    }
}

/// Writes a decimal without needless zeros, but with so many decimals at least.
fn push_decimal(text: &mut String, value: &str, least: usize) {
    let (whole, decimals) = value.split_once('.').unwrap_or((value, ""));
    let decimals = decimals.trim_end_matches('0');
    text.push_str(whole);
    if decimals.len().max(least) > 0 {
        text.push('.');
        text.push_str(decimals);
        text.extend(std::iter::repeat_n('0', least.saturating_sub(decimals.len())));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_shown_as_the_api_shows_them() {
        let mut block = Block::new(2);
        for (kind, given) in [
            (Kind::Money, "570"),
            (Kind::Money, "661.5070000"),
            (Kind::Money, "-0.10"),
            (Kind::Number, "3.000"),
            (Kind::Number, "1.5"),
            (Kind::Text, "1.500"),
        ] {
            block.push(kind, Some(given));
        }
        let texts: Vec<_> = block.iter().flatten().flatten().collect();
        assert_eq!(texts, ["570.00", "661.507", "-0.10", "3", "1.5", "1.500"]);
        assert_eq!(block.rows(), 3);
        assert_eq!(block.column(1).flatten().collect::<Vec<_>>(), ["661.507", "3", "1.500"]);
    }

    #[test]
    fn a_cell_without_a_value_is_none_and_not_an_empty_text() {
        let mut block = Block::new(2);
        block.push(Kind::Text, None);
        block.push(Kind::Text, Some(""));
        assert_eq!(block.iter().flatten().collect::<Vec<_>>(), [None, Some("")]);
        block.clear();
        assert!(block.is_empty() && block.rows() == 0);
    }
}
