//! Typed ids. All are UUID v7, so that they sort by creation time.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new id that sorts after all earlier ones of this process.
            #[must_use]
            #[expect(clippy::new_without_default, reason = "a random default would surprise")]
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    };
}

id!(
    /// A tenant.
    OrgId
);
id!(
    /// A person with a login.
    UserId
);
id!(
    /// One login of a person, from its password to its end.
    SessionId
);
id!(
    /// An account at an identity provider that belongs to a person.
    IdentityId
);
id!(
    /// A key with which a machine calls.
    ApiKeyId
);
id!(
    /// A rule about what somebody may do or see.
    PolicyId
);
id!(
    /// One file that entered the system, by the API or by a drop.
    UploadId
);
id!(
    /// An organisation's profile of a vendor, through all its versions.
    VendorProfileId
);
id!(
    /// One mail, from request to delivery. It doubles as the mail's stable Message-ID.
    EmailId
);
id!(
    /// An address that gets no mail any more.
    SuppressionId
);
id!(
    /// One file made of a list or an analysis.
    ExportId
);
id!(
    /// One report that was asked for.
    ReportId
);
id!(
    /// A wish to get a report again and again.
    ReportScheduleId
);
id!(
    /// What became of one due time of a schedule.
    ReportRunId
);
id!(
    /// Questions that go on with each other.
    ConversationId
);
id!(
    /// A question with its answer.
    MessageId
);
id!(
    /// A text that questions may be about.
    DocumentId
);
id!(
    /// Days that somebody knows a vendor will not report.
    KnownGapId
);
id!(
    /// A figure that somebody has watched.
    AlertId
);
id!(
    /// A file that has not come in time.
    LateFileId
);

/// One request, as its caller or the edge has named it; carried through queues into logs, mails and the audit trail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(try_from = "String")]
pub struct RequestId(String);

/// It is logged and echoed, so it stays short and plain.
const REQUEST_ID_LEN_MAX: usize = 128;

impl RequestId {
    /// One that nobody else has.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "a random default would surprise")]
    pub fn new() -> Self {
        Self(Uuid::now_v7().to_string())
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The text is empty, too long, or holds more than letters, digits and `-_.:`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a request id")]
pub struct InvalidRequestId;

impl TryFrom<String> for RequestId {
    type Error = InvalidRequestId;

    fn try_from(text: String) -> Result<Self, InvalidRequestId> {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':');
        let is_one = !text.is_empty() && text.len() <= REQUEST_ID_LEN_MAX && text.chars().all(plain);
        if is_one { Ok(Self(text)) } else { Err(InvalidRequestId) }
    }
}

impl FromStr for RequestId {
    type Err = InvalidRequestId;

    fn from_str(text: &str) -> Result<Self, InvalidRequestId> {
        text.to_owned().try_into()
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
