//! The values of a column until their group is written.

use chrono::{DateTime, NaiveDate};
use domain::table::Kind;
use parquet::{
    column::writer::ColumnWriter,
    data_type::{ByteArray, FixedLenByteArray},
    errors::ParquetError,
};

/// Digits of a decimal, and how many of them follow the point.
pub(crate) const DIGITS: i32 = 38;
pub(crate) const SCALE: i32 = 18;
/// What so many digits need.
pub(crate) const DECIMAL_BYTES: i32 = 16;

/// Values that are there, and for each row whether it has one.
pub(crate) struct Values {
    given: Given,
    defined: Vec<i16>,
}

enum Given {
    Texts(Vec<ByteArray>),
    Decimals(Vec<FixedLenByteArray>),
    Integers(Vec<i64>),
    /// Days since 1970.
    Days(Vec<i32>),
    /// Milliseconds since 1970.
    Times(Vec<i64>),
    Flags(Vec<bool>),
}

impl Values {
    pub(crate) fn of(kind: Kind) -> Self {
        let given = match kind {
            Kind::Text => Given::Texts(Vec::new()),
            Kind::Money | Kind::Number => Given::Decimals(Vec::new()),
            Kind::Integer => Given::Integers(Vec::new()),
            Kind::Date => Given::Days(Vec::new()),
            Kind::Time => Given::Times(Vec::new()),
            Kind::Flag => Given::Flags(Vec::new()),
        };
        Self { given, defined: Vec::new() }
    }

    /// Adds the value of a row; gives back one that cannot be in this column.
    pub(crate) fn push(&mut self, cell: Option<&str>) -> Result<(), String> {
        self.defined.push(i16::from(cell.is_some()));
        let Some(value) = cell else { return Ok(()) };
        let wrong = || value.to_owned();
        match &mut self.given {
            Given::Texts(values) => values.push(ByteArray::from(value)),
            Given::Decimals(values) => {
                let unscaled = unscaled(value).ok_or_else(wrong)?;
                values.push(unscaled.to_be_bytes().to_vec().into());
            }
            Given::Integers(values) => values.push(value.parse().map_err(|_| wrong())?),
            Given::Days(values) => values.push(days(value).ok_or_else(wrong)?),
            Given::Times(values) => {
                values.push(DateTime::parse_from_rfc3339(value).map_err(|_| wrong())?.timestamp_millis());
            }
            Given::Flags(values) => values.push(value == "true"),
        }
        Ok(())
    }

    pub(crate) fn write(&self, column: &mut ColumnWriter<'_>) -> Result<(), ParquetError> {
        let defined = Some(self.defined.as_slice());
        match (&self.given, column) {
            (Given::Texts(values), ColumnWriter::ByteArrayColumnWriter(to)) => {
                to.write_batch(values, defined, None)
            }
            (Given::Decimals(values), ColumnWriter::FixedLenByteArrayColumnWriter(to)) => {
                to.write_batch(values, defined, None)
            }
            (Given::Integers(values) | Given::Times(values), ColumnWriter::Int64ColumnWriter(to)) => {
                to.write_batch(values, defined, None)
            }
            (Given::Days(values), ColumnWriter::Int32ColumnWriter(to)) => {
                to.write_batch(values, defined, None)
            }
            (Given::Flags(values), ColumnWriter::BoolColumnWriter(to)) => {
                to.write_batch(values, defined, None)
            }
            _ => Err(ParquetError::General("a column has another type than its values".to_owned())),
        }
        .map(drop)
    }

    pub(crate) fn clear(&mut self) {
        self.defined.clear();
        match &mut self.given {
            Given::Texts(values) => values.clear(),
            Given::Decimals(values) => values.clear(),
            Given::Integers(values) | Given::Times(values) => values.clear(),
            Given::Days(values) => values.clear(),
            Given::Flags(values) => values.clear(),
        }
    }
}

/// A decimal as a whole number of its smallest unit.
fn unscaled(text: &str) -> Option<i128> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    let scale = usize::try_from(SCALE).ok()?;
    let all_digits = whole.bytes().chain(decimals.bytes()).all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !all_digits || decimals.len() > scale {
        return None;
    }
    let number = format!("{whole}{decimals:0<scale$}");
    (number.len() <= usize::try_from(DIGITS).ok()?).then_some(())?;
    Some(sign * number.parse::<i128>().ok()?)
}

fn days(text: &str) -> Option<i32> {
    let days = text.parse::<NaiveDate>().ok()?.signed_duration_since(NaiveDate::from_ymd_opt(1970, 1, 1)?);
    i32::try_from(days.num_days()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_keep_every_digit_or_are_refused() {
        for (text, number) in [
            ("0", 0),
            ("-0.10", -100_000_000_000_000_000),
            ("2.000000000000000001", 2_000_000_000_000_000_001),
        ] {
            assert_eq!(unscaled(text), Some(number), "{text}");
        }
        for text in ["1.0000000000000000001", "", "-", ".5", "1e3", "NaN", "123456789012345678901"] {
            assert_eq!(unscaled(text), None, "{text}");
        }
    }
}
