//! The channel filter of the API.

use domain::StoreKind;
use serde::Deserialize;

/// Where something was sold. `retail` and `physical` are the same; rows that do not say are in neither.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Channel {
    Online,
    #[serde(alias = "physical")]
    Retail,
}

impl From<Channel> for StoreKind {
    fn from(channel: Channel) -> Self {
        match channel {
            Channel::Online => Self::Online,
            Channel::Retail => Self::Physical,
        }
    }
}
