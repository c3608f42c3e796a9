//! How a profile is addressed: the organisation's own by their id, shipped ones by the key of their vendor.

use std::{convert::Infallible, str::FromStr};

use domain::VendorProfileId;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ProfileId {
    Own(VendorProfileId),
    Shipped(String),
}

impl FromStr for ProfileId {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(text.parse().map_or_else(|_| Self::Shipped(text.to_owned()), Self::Own))
    }
}
