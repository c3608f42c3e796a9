//! Queue messages. Ids only: whoever receives one reads the truth from the database.

use serde::{Deserialize, Serialize};

use crate::{EmailId, OrgId};

/// Wakes `email-send` for one mail that waits in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmailRequested {
    pub org_id: OrgId,
    pub email_id: EmailId,
}
