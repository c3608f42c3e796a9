//! What the API says about vendor profiles.

use chrono::{DateTime, Utc};
use data::{
    uploads::Approval,
    vendor_profiles::{Newest, VendorProfile},
};
use domain::{BackTest, Finding, ProfileOrigin, TestOutcome, UploadId, UserId};
use ingest::Profile;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

/// A profile in a list.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "VendorProfileSummary")]
pub(crate) struct SummaryView {
    #[serde(flatten)]
    pub(crate) head: HeadView,
    /// What its newest version does to files that were booked before; `null` until that was looked at.
    back_test: Option<TestSummary>,
}

/// What every view of a profile begins with: its newest version.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct HeadView {
    pub(crate) id: String,
    pub(crate) vendor: String,
    name: String,
    version: u32,
    origin: ProfileOrigin,
    /// Whether a version of it is in use.
    active: bool,
    version_in_use: Option<u32>,
    /// Why the newest version is not in use.
    inactive: Option<Finding>,
    layouts: Vec<String>,
    learned_from: Option<UploadId>,
    created_by: Option<UserId>,
    created_at: Option<DateTime<Utc>>,
}

/// Tested files by what the profile does to them.
#[derive(Debug, Serialize, JsonSchema)]
struct TestSummary {
    tested_at: DateTime<Utc>,
    same: usize,
    differs: usize,
    asks: usize,
    unaffected: usize,
    untested: usize,
}

/// A profile, whole.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "VendorProfile")]
pub(crate) struct FullView {
    #[serde(flatten)]
    head: HeadView,
    profile: Value,
    back_test: Option<BackTest>,
    /// Who put it to use although it contradicts a booked file.
    r#override: Option<Approval>,
    /// Newest first.
    versions: Vec<VersionView>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "VendorProfileVersion")]
struct VersionView {
    version: u32,
    origin: ProfileOrigin,
    active: bool,
    inactive: Option<Finding>,
    learned_from: Option<UploadId>,
    created_by: Option<UserId>,
    created_at: DateTime<Utc>,
}

impl SummaryView {
    pub(crate) fn shipped(profile: &Profile) -> Self {
        Self { head: HeadView::shipped(profile), back_test: None }
    }
}

impl From<&Newest> for SummaryView {
    fn from(newest: &Newest) -> Self {
        let back_test = newest.version.back_test.as_ref().map(TestSummary::from);
        Self { head: HeadView::from(newest), back_test }
    }
}

impl HeadView {
    fn shipped(profile: &Profile) -> Self {
        Self {
            id: profile.vendor().to_owned(),
            vendor: profile.vendor().to_owned(),
            name: profile.name().to_owned(),
            version: profile.version(),
            origin: ProfileOrigin::Shipped,
            active: true,
            version_in_use: Some(profile.version()),
            inactive: None,
            layouts: profile.layout_names().map(str::to_owned).collect(),
            learned_from: None,
            created_by: None,
            created_at: None,
        }
    }
}

impl From<&Newest> for HeadView {
    fn from(newest: &Newest) -> Self {
        let version = &newest.version;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let layouts = version.profile["layouts"].as_array();
        Self {
            id: version.id.to_string(),
            vendor: version.vendor.clone(),
            name: text(&version.profile["name"]),
            version: version.version,
            origin: version.origin,
            active: newest.version_in_use.is_some(),
            version_in_use: newest.version_in_use,
            inactive: version.inactive.clone(),
            layouts: layouts.into_iter().flatten().map(|layout| text(&layout["name"])).collect(),
            learned_from: version.learned_from,
            created_by: version.created_by,
            created_at: Some(version.created_at),
        }
    }
}

impl From<&BackTest> for TestSummary {
    fn from(test: &BackTest) -> Self {
        Self {
            tested_at: test.tested_at,
            same: test.count(TestOutcome::Same),
            differs: test.count(TestOutcome::Differs),
            asks: test.count(TestOutcome::Asks),
            unaffected: test.count(TestOutcome::Unaffected),
            untested: test.count(TestOutcome::Untested),
        }
    }
}

impl FullView {
    pub(crate) fn shipped(profile: &Profile) -> Self {
        Self {
            head: HeadView::shipped(profile),
            profile: profile.to_json(),
            back_test: None,
            r#override: None,
            versions: Vec::new(),
        }
    }

    pub(crate) fn new(newest: Newest, versions: Vec<VendorProfile>) -> Self {
        Self {
            head: HeadView::from(&newest),
            profile: newest.version.profile,
            back_test: newest.version.back_test,
            r#override: newest.version.overridden,
            versions: versions.into_iter().map(VersionView::from).collect(),
        }
    }
}

impl From<VendorProfile> for VersionView {
    fn from(version: VendorProfile) -> Self {
        Self {
            version: version.version,
            origin: version.origin,
            active: version.active,
            inactive: version.inactive,
            learned_from: version.learned_from,
            created_by: version.created_by,
            created_at: version.created_at,
        }
    }
}
