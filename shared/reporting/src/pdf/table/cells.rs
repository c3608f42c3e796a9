//! Cells on their way to the page.

use crate::{
    document::{Locale, Values},
    pdf::text::Line,
};

/// What a cell says, in the words of the locale.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    /// There need not be anything.
    Blank,
    Text(String),
    /// A figure or a date.
    Value(String),
    /// Nothing is known, for one of the reasons below the table.
    Missing(Option<usize>),
}

/// A cell that only needs a place.
#[derive(Debug, Default)]
pub(super) struct Ready {
    /// Of one face, if that is all it takes: by far the most are.
    pub(super) bytes: Vec<u8>,
    pub(super) lines: Vec<Line>,
    /// In points.
    pub(super) width: f32,
    pub(super) size: f32,
    pub(super) is_muted: bool,
}

/// More reasons than these share the last mark.
const REASONS_MAX: usize = 9;

impl Cell {
    pub(super) fn new(cell: Option<&str>, values: Values, locale: Locale, reasons: &mut Vec<String>) -> Self {
        let Some(text) = cell else {
            return if values == Values::Text { Self::Blank } else { Self::Missing(None) };
        };
        match locale.cell(text, values) {
            Some(text) if values == Values::Text => Self::Text(text),
            Some(value) => Self::Value(value),
            None => {
                let known = reasons.iter().position(|reason| reason == text);
                let place = known.unwrap_or_else(|| {
                    if reasons.len() < REASONS_MAX {
                        reasons.push(text.to_owned());
                    }
                    reasons.len() - 1
                });
                Self::Missing(Some(place))
            }
        }
    }

    /// What is drawn.
    pub(super) fn words(&self) -> std::borrow::Cow<'_, str> {
        match self {
            Self::Blank => "".into(),
            Self::Text(text) | Self::Value(text) => text.into(),
            Self::Missing(None) => "–".into(),
            Self::Missing(Some(reason)) => format!("–{}", mark(*reason)).into(),
        }
    }
}

/// The sign of a footnote.
pub(super) fn mark(place: usize) -> char {
    ['¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'].get(place).copied().unwrap_or('⁹')
}
