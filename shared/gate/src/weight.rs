//! How large a statement is and how large its values may become. PostgreSQL builds a value of a gigabyte without looking at
//! the clock, so no time limit ends that; what would build one is refused beforehand.

use crate::Refusal;

/// Queries in each other and beside each other.
const MAX_QUERIES: u32 = 32;
/// Relations that are read.
const MAX_RELATIONS: u32 = 24;
/// Texts put together. With each value doubled at every step, what a statement of `MAX_BYTES` makes stays below 100 MB.
const MAX_JOINED: u32 = 24;
/// How many times longer values may become by `repeat` and `replace`, over the whole statement.
const MAX_GROWTH: u64 = 1_000;
/// Aggregates that gather rows into one value.
const MAX_GATHERS: u32 = 6;
/// Rows that the server may expect when they are gathered: with names of a hundred letters, 20 MB.
const GATHERED_ROWS: u64 = 200_000;
/// Otherwise: a product of two tables that somebody forgot to join is more.
const PLANNED_ROWS: u64 = 1_000_000_000;

#[derive(Debug, Default)]
pub(crate) struct Weight {
    queries: u32,
    relations: u32,
    joined: u32,
    growth: u64,
    gathers: u32,
    /// The query that is looked at.
    level: u32,
    gathered_on: Option<u32>,
    /// Looking at what a recursive query repeats.
    repeated: bool,
    /// A series whose length is not known beforehand.
    open_series: bool,
}

impl Weight {
    /// Counts a query and gives it a number.
    pub(crate) fn query(&mut self) -> Result<u32, Refusal> {
        self.queries += 1;
        if self.queries > MAX_QUERIES { Err(Refusal::TooComplex) } else { Ok(self.queries) }
    }

    /// Says which query is looked at from here on; gives the one before.
    pub(crate) fn enter(&mut self, level: u32) -> u32 {
        std::mem::replace(&mut self.level, level)
    }

    pub(crate) fn relation(&mut self) -> Result<(), Refusal> {
        self.relations += 1;
        if self.relations > MAX_RELATIONS { Err(Refusal::TooComplex) } else { Ok(()) }
    }

    /// Says whether what follows is repeated by recursion; gives what was so before.
    pub(crate) fn repeats(&mut self, repeated: bool) -> bool {
        std::mem::replace(&mut self.repeated, repeated)
    }

    /// Texts or lists put together.
    pub(crate) fn joins(&mut self, count: usize) -> Result<(), Refusal> {
        self.not_repeated()?;
        self.joined = self.joined.saturating_add(u32::try_from(count).unwrap_or(u32::MAX));
        if self.joined > MAX_JOINED { Err(Refusal::TooComplex) } else { Ok(()) }
    }

    /// A value that becomes so many times longer.
    pub(crate) fn grows(&mut self, factor: usize) -> Result<(), Refusal> {
        if factor <= 1 {
            return Ok(());
        }
        self.not_repeated()?;
        self.growth = self.growth.max(1).saturating_mul(factor as u64);
        if self.growth > MAX_GROWTH { Err(Refusal::TooComplex) } else { Ok(()) }
    }

    /// Rows that become one value.
    pub(crate) fn gathers(&mut self) -> Result<(), Refusal> {
        self.not_repeated()?;
        self.gathers += 1;
        if self.gathered_on.is_some_and(|level| level != self.level) {
            return Err(Refusal::Argument(
                "Rows can be gathered into texts or lists in one query of a statement only.",
            ));
        }
        self.gathered_on = Some(self.level);
        if self.gathers > MAX_GATHERS { Err(Refusal::TooComplex) } else { Ok(()) }
    }

    pub(crate) fn open_series(&mut self) {
        self.open_series = true;
    }

    fn not_repeated(&self) -> Result<(), Refusal> {
        if self.repeated {
            return Err(Refusal::Argument("A recursive query cannot put texts or lists together."));
        }
        Ok(())
    }

    /// What is only known of the whole statement.
    pub(crate) fn judge(&self) -> Result<(), Refusal> {
        if self.gathers > 0 && (self.growth > 1 || self.open_series) {
            return Err(Refusal::Argument(
                "Rows cannot be gathered into texts or lists together with repeat, a longer replace or an open series.",
            ));
        }
        Ok(())
    }

    pub(crate) fn planned_rows(&self) -> u64 {
        if self.gathers > 0 { GATHERED_ROWS } else { PLANNED_ROWS }
    }
}
