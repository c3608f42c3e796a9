//! Vendor profiles: what a vendor's files look like, as data.

/// The profiles a file is compared with.
#[derive(Debug)]
pub struct Profiles {}

/// A profile that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    #[error("vendor profile {name} is not valid")]
    Invalid {
        name: String,
        #[source]
        source: toml::de::Error,
    },
}

impl Profiles {
    /// The profiles that come with Shelfline.
    ///
    /// # Errors
    /// When a shipped profile does not fit the schema.
    pub fn shipped() -> Result<Self, ProfileError> {
        Ok(Self {})
    }
}
