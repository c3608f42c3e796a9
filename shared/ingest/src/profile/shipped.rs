//! The set of profiles that a file is compared with.

use super::{InvalidProfile, Profile};

/// The profiles a file is compared with.
#[derive(Debug, Clone)]
pub struct Profiles {
    all: Vec<Profile>,
}

/// A shipped profile that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    #[error("vendor profile {name} does not fit the schema")]
    Schema {
        name: String,
        #[source]
        source: Box<toml::de::Error>,
    },
    #[error("vendor profile {name}: {problem}")]
    Meaning { name: String, problem: String },
}

/// Name and text of every profile in `vendors/`, listed by the build script.
pub(super) const SHIPPED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/shipped.rs"));

impl Profiles {
    /// The profiles that come with Shelfline.
    ///
    /// # Errors
    /// When a shipped profile does not fit the schema.
    pub fn shipped() -> Result<Self, ProfileError> {
        Self::parse(SHIPPED.iter().copied())
    }

    /// Reads profiles from name and TOML text.
    ///
    /// # Errors
    /// When a profile does not fit the schema or contradicts itself.
    pub fn parse<'a>(texts: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, ProfileError> {
        let mut all: Vec<Profile> = Vec::new();
        for (name, text) in texts {
            let profile: Profile = toml::from_str(text)
                .map_err(|source| ProfileError::Schema { name: name.to_owned(), source: Box::new(source) })?;
            let meaning = |problem: String| ProfileError::Meaning { name: name.to_owned(), problem };
            profile.validate().map_err(|invalid| meaning(invalid.to_string()))?;
            if all.iter().any(|other| other.vendor == profile.vendor) {
                return Err(meaning(format!("vendor {} has a profile already", profile.vendor)));
            }
            all.push(profile);
        }
        Ok(Self { all })
    }

    /// One profile alone.
    #[must_use]
    pub fn of(profile: Profile) -> Self {
        Self { all: vec![profile] }
    }

    /// The same with an organisation's own profiles; they may stand beside a shipped one of the same vendor.
    ///
    /// # Errors
    /// When one of them contradicts itself.
    pub fn with(mut self, own: impl IntoIterator<Item = Profile>) -> Result<Self, InvalidProfile> {
        for profile in own {
            profile.validate()?;
            self.all.push(profile);
        }
        Ok(self)
    }

    /// All of them; an organisation's own come last.
    pub fn iter(&self) -> impl Iterator<Item = &Profile> {
        self.all.iter()
    }

    /// The first profile of a vendor: the shipped one, where there is one.
    #[must_use]
    pub fn find(&self, vendor: &str) -> Option<&Profile> {
        self.all.iter().find(|profile| profile.vendor == vendor)
    }
}
