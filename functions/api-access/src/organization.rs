//! What an organisation decides about itself.

mod brand;
pub mod get;
pub mod update;

use data::organizations::Settings;
use schemars::JsonSchema;
use serde::Serialize;

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "OrganizationSettings")]
struct View {
    /// Names the drop folder; it never changes.
    slug: String,
    name: String,
    /// Month, 1 to 12.
    fiscal_year_begins: i16,
    /// IANA: what "today" means, and when what is scheduled comes.
    time_zone: String,
    /// What reports call it, where that is not its name.
    brand_name: Option<String>,
    /// Of headings and charts in reports: `#1D4E89`.
    brand_colour: Option<String>,
    /// Whether there is a picture on the cover of its reports.
    has_logo: bool,
    /// Whether a keyed hash of its web shop's buyers is kept, so that customers can be counted.
    keeps_buyers: bool,
    version: i32,
}

impl From<Settings> for View {
    fn from(settings: Settings) -> Self {
        let Settings {
            slug,
            name,
            fiscal_year_begins,
            time_zone,
            brand_name,
            brand_colour,
            has_logo,
            keeps_buyers,
            version,
        } = settings;
        Self {
            slug,
            name,
            fiscal_year_begins,
            time_zone,
            brand_name,
            brand_colour,
            has_logo,
            keeps_buyers,
            version,
        }
    }
}
