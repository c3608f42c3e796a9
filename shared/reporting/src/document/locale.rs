//! How numbers and dates are written. Words stay English.

use std::str::FromStr;

use chrono::NaiveDate;
use domain::{Currency, NumberStyle};
use rust_decimal::{Decimal, RoundingStrategy};

use super::{Unit, Values, table::is_decimal};

/// Whose numbers and dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Locale {
    #[default]
    English,
    German,
    French,
    Spanish,
    Polish,
}

/// The text names none of the languages there are.
#[derive(Debug, thiserror::Error)]
#[error("a locale is one of en-GB, de, fr, es, pl")]
pub struct InvalidLocale;

impl FromStr for Locale {
    type Err = InvalidLocale;

    /// A language tag; its region does not matter.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let language = text.split(['-', '_']).next().unwrap_or(text).to_ascii_lowercase();
        match language.as_str() {
            "en" => Ok(Self::English),
            "de" => Ok(Self::German),
            "fr" => Ok(Self::French),
            "es" => Ok(Self::Spanish),
            "pl" => Ok(Self::Polish),
            _ => Err(InvalidLocale),
        }
    }
}

/// A minus as wide as a digit.
const MINUS: char = '\u{2212}';
/// Keeps a sign with its number.
const NO_BREAK: char = '\u{a0}';

impl Locale {
    #[must_use]
    pub fn number_style(self) -> NumberStyle {
        match self {
            Self::English => NumberStyle::Point,
            Self::German => NumberStyle::German,
            Self::French => NumberStyle::French,
            Self::Spanish => NumberStyle::Spanish,
            Self::Polish => NumberStyle::Polish,
        }
    }

    /// `22/11/2026` or `22.11.2026`
    #[must_use]
    pub fn date(self, date: NaiveDate) -> String {
        let pattern = if matches!(self, Self::German | Self::Polish) { "%d.%m.%Y" } else { "%d/%m/%Y" };
        date.format(pattern).to_string()
    }

    /// With just so many decimals, thousands grouped.
    #[must_use]
    pub fn decimal(self, value: Decimal, scale: u32) -> String {
        let rounded = value.round_dp_with_strategy(scale, RoundingStrategy::MidpointAwayFromZero);
        self.grouped(&format!("{rounded:.*}", scale as usize))
    }

    /// `€1,234.50`, `1.234,50 €`, `1,234.50 CHF`
    #[must_use]
    pub fn money(self, value: Decimal, currency: Currency) -> String {
        let digits = self.decimal(value, 2);
        let sign = match currency.as_str() {
            "EUR" => "€",
            "GBP" => "£",
            "USD" => "$",
            "PLN" => "zł",
            code => code,
        };
        if self == Self::English && !sign.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return match digits.strip_prefix(MINUS) {
                Some(digits) => format!("{MINUS}{sign}{digits}"),
                None => format!("{sign}{digits}"),
            };
        }
        format!("{digits}{NO_BREAK}{sign}")
    }

    /// `12.5%`, `12,5 %`; `scale` decimals.
    #[must_use]
    pub fn percent(self, value: Decimal, scale: u32) -> String {
        let digits = self.decimal(value, scale);
        match self {
            Self::English | Self::Polish => format!("{digits}%"),
            Self::German | Self::French | Self::Spanish => format!("{digits}{NO_BREAK}%"),
        }
    }

    /// A figure with its unit.
    #[must_use]
    pub fn figure(self, value: Decimal, unit: Unit) -> String {
        match unit {
            Unit::Money(currency) => self.money(value, currency),
            Unit::Integer => self.decimal(value, 0),
            Unit::Decimal(scale) => self.decimal(value, scale),
            Unit::Percent => self.percent(value, 1),
        }
    }

    /// The cell of a table; `None`: the text is no value of its column, but says why there is none.
    #[must_use]
    pub fn cell(self, text: &str, values: Values) -> Option<String> {
        match values {
            Values::Text => Some(text.to_owned()),
            Values::Date => text.parse().ok().map(|date| self.date(date)),
            Values::Percent => text.parse().ok().map(|value| self.percent(value, 1)),
            Values::Integer | Values::Decimal(_) | Values::Money(_) => {
                let scale = values.scale().unwrap_or(0) as usize;
                if !is_decimal(text) {
                    return None;
                }
                // What has no more decimals than are shown needs no arithmetic.
                let decimals = text.split_once('.').map_or("", |(_, decimals)| decimals);
                // Pieces are whole, or it is shown that they are not.
                let needed = if values == Values::Integer { decimals.trim_end_matches('0').len() } else { 0 };
                let scale = scale.max(needed);
                match decimals.len() {
                    given if given == scale => Some(self.grouped(text)),
                    _ => text.parse().ok().map(|value| self.decimal(value, scale as u32)),
                }
            }
        }
    }

    /// Plain digits with what this country puts between and before them.
    fn grouped(self, plain: &str) -> String {
        let (thousands, point, grouped_from) = match self {
            Self::English => (',', '.', 4),
            Self::German => ('.', ',', 4),
            Self::French => ('\u{202f}', ',', 4),
            // Four digits stand together in these.
            Self::Spanish => ('.', ',', 5),
            Self::Polish => (NO_BREAK, ',', 5),
        };
        let (sign, digits) = plain.strip_prefix('-').map_or((false, plain), |digits| (true, digits));
        let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
        let mut text = String::with_capacity(plain.len() + 8);
        // Nothing is below zero that is shown as zero.
        if sign && digits.bytes().any(|byte| matches!(byte, b'1'..=b'9')) {
            text.push(MINUS);
        }
        for (place, digit) in whole.char_indices() {
            if place > 0 && whole.len() >= grouped_from && (whole.len() - place).is_multiple_of(3) {
                text.push(thousands);
            }
            text.push(digit);
        }
        if !decimals.is_empty() {
            text.push(point);
            text.push_str(decimals);
        }
        text
    }
}

#[cfg(test)]
mod tests;
