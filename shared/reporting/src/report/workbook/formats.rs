//! How cells look, and how their figures are written.

use domain::Currency;
use rust_decimal::{Decimal, prelude::ToPrimitive as _};
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Worksheet};

use crate::{
    Error,
    document::{Colour, Locale, Unit, Values},
    theme::{BAD, INK, MUTED, Theme},
};

/// The formats of texts. Those of figures are made as they are needed: there are few.
#[derive(Clone)]
pub(super) struct Formats {
    pub(super) title: Format,
    pub(super) heading: Format,
    pub(super) strong: Format,
    pub(super) muted: Format,
    pub(super) wrapped: Format,
    pub(super) alert: Format,
    pub(super) head: Format,
    pub(super) head_right: Format,
    /// Why there is no figure.
    pub(super) reason: Format,
    locale: Locale,
}

/// What a figure is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NumberFormat {
    Decimal(u32),
    Money(Currency),
    /// Its value is a hundredth of what we say.
    Percent,
    Points,
    Date,
}

impl NumberFormat {
    pub(super) fn of_unit(unit: Unit) -> Self {
        match unit {
            Unit::Money(currency) => Self::Money(currency),
            Unit::Integer => Self::Decimal(0),
            Unit::Decimal(scale) => Self::Decimal(scale),
            Unit::Percent => Self::Percent,
        }
    }

    pub(super) fn of_change(unit: Unit) -> Self {
        if unit == Unit::Percent { Self::Points } else { Self::Percent }
    }

    /// `None`: a column of texts.
    pub(super) fn of_values(values: Values) -> Option<Self> {
        Some(match values {
            Values::Text => return None,
            // The head says the currency: a sign in each cell would hide the figures.
            Values::Money(_) => Self::Decimal(2),
            Values::Integer => Self::Decimal(0),
            Values::Decimal(scale) => Self::Decimal(scale),
            Values::Percent => Self::Percent,
            Values::Date => Self::Date,
        })
    }

    /// In Excel's words. Its program puts in the separators of whoever reads it; what else depends on a country is here.
    pub(super) fn code(self, locale: Locale) -> String {
        match self {
            Self::Decimal(scale) => decimals("#,##0", scale),
            Self::Money(currency) => {
                let sign = match currency.as_str() {
                    "EUR" => "€",
                    "GBP" => "£",
                    "USD" => "$",
                    "PLN" => "zł",
                    code => code,
                };
                let id = match locale {
                    Locale::English => "809",
                    Locale::German => "407",
                    Locale::French => "40C",
                    Locale::Spanish => "C0A",
                    Locale::Polish => "415",
                };
                match locale {
                    Locale::English => format!("[${sign}-{id}]#,##0.00"),
                    _ => format!("#,##0.00 [${sign}-{id}]"),
                }
            }
            Self::Percent => match locale {
                Locale::English | Locale::Polish => "0.0%".to_owned(),
                Locale::German | Locale::French | Locale::Spanish => "0.0\" \"%".to_owned(),
            },
            Self::Points => "+0.0\" pp\";-0.0\" pp\";0.0\" pp\"".to_owned(),
            Self::Date => match locale {
                Locale::German | Locale::Polish => "dd\\.mm\\.yyyy".to_owned(),
                Locale::English | Locale::French | Locale::Spanish => "dd/mm/yyyy".to_owned(),
            },
        }
    }

    /// The number in the cell.
    pub(super) fn number(self, value: Decimal) -> f64 {
        let value = if self == Self::Percent { value / Decimal::ONE_HUNDRED } else { value };
        value.to_f64().unwrap_or_default()
    }
}

fn decimals(whole: &str, scale: u32) -> String {
    if scale == 0 { whole.to_owned() } else { format!("{whole}.{}", "0".repeat(scale as usize)) }
}

impl Formats {
    pub(super) fn new(theme: &Theme, locale: Locale) -> Self {
        let muted = Format::new().set_font_color(colour(MUTED));
        let head = Format::new()
            .set_bold()
            .set_background_color(colour(theme.accent))
            .set_font_color(colour(theme.on_accent))
            .set_align(FormatAlign::Bottom)
            .set_text_wrap();
        Self {
            title: Format::new().set_bold().set_font_size(20).set_font_color(colour(theme.accent_ink)),
            heading: Format::new().set_bold().set_font_size(14).set_font_color(colour(theme.accent_ink)),
            strong: Format::new().set_bold(),
            wrapped: Format::new().set_text_wrap().set_align(FormatAlign::Top),
            alert: Format::new().set_bold().set_font_color(colour(BAD)),
            head: head.clone(),
            head_right: head.set_align(FormatAlign::Right),
            reason: Format::new().set_italic().set_font_color(colour(MUTED)).set_align(FormatAlign::Right),
            muted,
            locale,
        }
    }

    pub(super) fn of(&self, number: NumberFormat) -> Format {
        Format::new().set_num_format(number.code(self.locale)).set_align(FormatAlign::Right)
    }

    pub(super) fn of_total(&self, number: Option<NumberFormat>) -> Format {
        let format = number.map_or_else(Format::new, |number| self.of(number));
        format.set_bold().set_border_top(FormatBorder::Thin).set_border_top_color(colour(INK))
    }

    pub(super) fn number(
        &self,
        sheet: &mut Worksheet,
        (row, column): (u32, u16),
        value: Decimal,
        number: NumberFormat,
    ) -> Result<(), Error> {
        sheet.write_number_with_format(row, column, number.number(value), &self.of(number))?;
        Ok(())
    }
}

pub(super) fn colour(Colour([red, green, blue]): Colour) -> Color {
    Color::RGB(u32::from_be_bytes([0, red, green, blue]))
}
