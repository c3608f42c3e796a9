//! The parameters of lists that can be narrowed to one vendor.

use edge::page::Limit;
use schemars::JsonSchema;
use serde::Deserialize;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct VendorQuery {
    pub(crate) vendor: Option<String>,
    #[serde(default)]
    pub(crate) limit: Limit,
    pub(crate) cursor: Option<String>,
}
