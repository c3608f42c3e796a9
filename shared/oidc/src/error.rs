//! Why nobody is signed in.

/// Why nobody is signed in. Says nothing that came over the wire: that may be anything, and may hold a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("the settings of an identity provider cannot be used: {0}")]
    Settings(&'static str),
    #[error("the identity provider could not be reached")]
    Unreachable,
    #[error("the identity provider answered with status {0}")]
    Status(u16),
    #[error("the identity provider's answer cannot be read")]
    Unreadable,
    #[error("the identity provider's discovery document cannot be used: {0}")]
    Metadata(&'static str),
    /// The code is used up, expired, or was given to somebody else.
    #[error("the identity provider does not take the code")]
    Refused,
    /// What came back is not what the provider would say to us about this sign-in.
    #[error("what came back from the identity provider is not to be believed: {0}")]
    Untrusted(&'static str),
}

impl Error {
    /// Whether whoever signs in, or somebody in between, is at fault and not the provider or its settings.
    #[must_use]
    pub fn is_refusal(self) -> bool {
        matches!(self, Self::Refused | Self::Untrusted(_))
    }
}
