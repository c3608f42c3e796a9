//! Measures and styles of text.

use crate::document::Colour;
pub(super) use crate::theme::{BAD, BEHIND, GOOD, INK, MUTED, RULE, SHADE, Theme, WHITE};

use super::face::Weight;

/// A4 in points.
pub(super) const PAGE: (f32, f32) = (595.28, 841.89);
/// Left and right of everything.
pub(super) const MARGIN: f32 = 48.0;
/// Where what pages show begins, below what is the same on all of them.
pub(super) const TOP: f32 = 66.0;
/// What is kept free at the lower edge.
pub(super) const BOTTOM: f32 = 58.0;

/// How a text looks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    pub(super) weight: Weight,
    pub(super) size: f32,
    pub(super) colour: Colour,
}

impl Style {
    pub(super) const fn regular(size: f32, colour: Colour) -> Self {
        Self { weight: Weight::Regular, size, colour }
    }

    pub(super) const fn strong(size: f32, colour: Colour) -> Self {
        Self { weight: Weight::Strong, size, colour }
    }

    /// In thousandths of the size, as lines are measured.
    pub(super) fn thousandths(self, points: f32) -> f32 {
        points * 1000.0 / self.size
    }

    /// In points.
    pub(super) fn points(self, thousandths: f32) -> f32 {
        thousandths * self.size / 1000.0
    }
}
