//! GET /v1/vendor-profiles/{id}

use data::vendor_profiles;
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
};
use ingest::Profile;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{Context, profile_id::ProfileId, submission::VERSIONS_SHOWN_MAX, views::FullView};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Format {
    Json,
    Toml,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Query {
    format: Option<Format>,
    /// An older version instead of the newest.
    version: Option<u32>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "vendor-profiles-get",
        "GET /v1/vendor-profiles/{id}",
        "Shows one profile with its versions and its test, or exports it as TOML",
    )
    .path_text("id", "liberty", "The id of a profile of the organisation, or the vendor of a shipped one.")
    .needs(&[Permission::VendorsRead])
    .query::<Query>()
    .ok::<FullView>()
    .download("application/toml")
}

/// Shows one profile with its versions and its test, or exports it as TOML.
///
/// # Errors
/// 404 for an id or version that does not exist here.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::VendorsRead)?;
        let id: ProfileId = request.path("id")?;
        let Query { format, version } = request.query()?;
        let as_toml = format == Some(Format::Toml);
        let id = match id {
            ProfileId::Own(id) => id,
            ProfileId::Shipped(vendor) => {
                let profile = ctx.shipped.find(&vendor).ok_or_else(ApiError::not_found)?;
                if version.is_some_and(|version| version != profile.version()) {
                    return Err(ApiError::not_found());
                }
                return if as_toml { Ok(toml(profile)) } else { Reply::ok(&FullView::shipped(profile)) };
            }
        };
        let mut tenant = ctx.database.tenant(&principal).await?;
        let mut newest = vendor_profiles::find(&mut tenant, id).await?.ok_or_else(ApiError::not_found)?;
        if let Some(version) = version {
            let found = vendor_profiles::find_version(&mut tenant, id, version).await?;
            newest.version = found.ok_or_else(ApiError::not_found)?;
        }
        if as_toml {
            return Ok(toml(&Profile::from_json(&newest.version.profile)?));
        }
        let versions = vendor_profiles::versions(&mut tenant, id, VERSIONS_SHOWN_MAX).await?;
        Reply::ok(&FullView::new(newest, versions))
    })
}

fn toml(profile: &Profile) -> Reply {
    let name = format!("{}.toml", profile.vendor());
    Reply::file("application/toml", &name, profile.to_toml().into_bytes())
}
