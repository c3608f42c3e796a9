//! What a report says of itself.

use std::str::FromStr;

use chrono::{DateTime, Utc};

use super::Locale;

/// The cover, and what stands on every page.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    /// For example `Sales summary`.
    pub title: String,
    pub subtitle: Option<String>,
    /// In words: `1 to 31 October 2026`.
    pub period: String,
    pub organization: String,
    pub made_at: DateTime<Utc>,
    pub branding: Branding,
    pub locale: Locale,
    /// What the report corrects, in a sentence; it is marked as corrected everywhere.
    pub corrected: Option<String>,
    /// Why there is nothing to show, in a sentence; it is marked as empty.
    pub empty: Option<String>,
    /// What else the cover says, each with its name: filters, vendors, coverage.
    pub facts: Vec<(String, String)>,
}

impl Head {
    /// A report without any extras.
    #[must_use]
    pub fn new(title: &str, period: &str, organization: &str, made_at: DateTime<Utc>) -> Self {
        Self {
            title: title.to_owned(),
            subtitle: None,
            period: period.to_owned(),
            organization: organization.to_owned(),
            made_at,
            branding: Branding::default(),
            locale: Locale::default(),
            corrected: None,
            empty: None,
            facts: Vec::new(),
        }
    }
}

/// How an organisation wants its reports to look.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Branding {
    /// Instead of the name of the organisation.
    pub name: Option<String>,
    pub colour: Option<Colour>,
    /// PNG or JPEG; what is neither, or too large, is left out with a warning.
    pub logo: Option<Vec<u8>>,
}

/// Red, green, blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour(pub [u8; 3]);

/// The text is not `#` and six hexadecimal digits.
#[derive(Debug, thiserror::Error)]
#[error("a colour is # and six hexadecimal digits, such as #1D4E89")]
pub struct InvalidColour;

impl FromStr for Colour {
    type Err = InvalidColour;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.trim().strip_prefix('#').ok_or(InvalidColour)?;
        if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(InvalidColour);
        }
        let all = u32::from_str_radix(digits, 16).map_err(|_| InvalidColour)?;
        let [_, red, green, blue] = all.to_be_bytes();
        Ok(Self([red, green, blue]))
    }
}
