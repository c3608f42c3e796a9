//! The colours of reports.

use crate::document::{Branding, Colour};

pub(crate) const INK: Colour = Colour([27, 36, 48]);
/// Still 5.9 : 1 on white.
pub(crate) const MUTED: Colour = Colour([88, 99, 114]);
pub(crate) const RULE: Colour = Colour([215, 221, 229]);
pub(crate) const SHADE: Colour = Colour([246, 248, 250]);
pub(crate) const WHITE: Colour = Colour([255, 255, 255]);
pub(crate) const GOOD: Colour = Colour([22, 115, 69]);
pub(crate) const BAD: Colour = Colour([176, 36, 28]);
/// What others are compared with.
pub(crate) const BEHIND: Colour = Colour([172, 181, 193]);
const ACCENT: Colour = Colour([24, 78, 119]);
/// Told apart by those who do not see red and green, and in grey.
const SERIES: [Colour; 7] = [
    Colour([230, 139, 36]),
    Colour([42, 145, 134]),
    Colour([134, 84, 155]),
    Colour([86, 160, 211]),
    Colour([190, 75, 73]),
    Colour([138, 151, 36]),
    Colour([94, 105, 120]),
];

/// The colours of an organisation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Theme {
    pub(crate) accent: Colour,
    /// The accent, dark enough to be read on white.
    pub(crate) accent_ink: Colour,
    /// What is read on the accent.
    pub(crate) on_accent: Colour,
}

impl Theme {
    pub(crate) fn new(branding: &Branding) -> Self {
        let accent = branding.colour.unwrap_or(ACCENT);
        let mut accent_ink = accent;
        while contrast(accent_ink, WHITE) < 4.5 {
            accent_ink = Colour(accent_ink.0.map(|part| part.saturating_sub(part / 12 + 1)));
        }
        // Black is read on whatever white is not.
        let readable = |colour: &Colour| contrast(accent, *colour) >= 4.5;
        let on_accent = [WHITE, INK].into_iter().find(readable).unwrap_or(Colour([0, 0, 0]));
        Self { accent, accent_ink, on_accent }
    }

    pub(crate) fn series(&self, place: usize) -> Colour {
        match place.checked_sub(1) {
            None => self.accent_ink,
            Some(other) => SERIES.get(other % SERIES.len()).copied().unwrap_or(MUTED),
        }
    }
}

/// From 1 to 21, as WCAG counts it.
pub(crate) fn contrast(one: Colour, other: Colour) -> f32 {
    let (one, other) = (luminance(one) + 0.05, luminance(other) + 0.05);
    one.max(other) / one.min(other)
}

fn luminance(Colour([red, green, blue]): Colour) -> f32 {
    let linear = |part: u8| {
        let part = f32::from(part) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_colour_an_organisation_has_its_texts_can_be_read() {
        for text in ["#000000", "#FFFFFF", "#FFE600", "#00FF00", "#1D4E89", "#FF69B4", "#808080"] {
            let theme = Theme::new(&Branding { colour: text.parse().ok(), ..Branding::default() });
            assert!(contrast(theme.accent_ink, WHITE) >= 4.5, "{text}");
            assert!(contrast(theme.on_accent, theme.accent) >= 4.5, "{text}");
        }
        assert!(contrast(MUTED, SHADE) >= 4.5 && contrast(GOOD, SHADE) >= 4.5 && contrast(BAD, SHADE) >= 4.5);
    }
}
