//! Queue messages. Ids only: whoever receives one reads the truth from the database.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{EmailId, ExportId, OrgId, ReportId, UploadId, VendorProfileId};

/// Wakes `email-send` for one mail that waits in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EmailRequested {
    pub org_id: OrgId,
    pub email_id: EmailId,
}

/// Asks `file-ingest` to read an upload whose bytes are in the bucket: after a decision, a retry, or a lost event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IngestRequested {
    pub org_id: OrgId,
    pub upload_id: UploadId,
}

/// Asks `file-ingest` to test a version of a vendor profile on booked files, and to put it to use when it contradicts none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProfileTestRequested {
    pub org_id: OrgId,
    pub profile_id: VendorProfileId,
    pub version: u32,
}

/// Asks `export-generate` to make the file that somebody has asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportRequested {
    pub org_id: OrgId,
    pub export_id: ExportId,
}

/// Asks `report-generate` to make the report that somebody has asked for or that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportRequested {
    pub org_id: OrgId,
    pub report_id: ReportId,
}
