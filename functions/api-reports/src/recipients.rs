//! Addresses that reports are sent to.

use data::{
    Tenant,
    reports::{self, Login},
};
use domain::{ReportRecipient, is_email, metrics::Filter};
use edge::{ApiError, FieldError};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::scope;

const RECIPIENTS_MAX: usize = 100;

/// An address, or one with what its reader gets.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum Recipient {
    Address(String),
    Chosen(Chosen),
}

/// An address, and what narrows the rows of the schedule's owner for it when it is nobody's login; `{}`: nothing does.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ReportRecipientChoice")]
#[serde(deny_unknown_fields)]
pub(crate) struct Chosen {
    pub(crate) address: String,
    pub(crate) filters: Option<Map<String, Value>>,
}

/// Reads addresses: each once, in lower case as logins are.
///
/// # Errors
/// 422 with every address at fault.
pub(crate) fn addresses(given: &[String]) -> Result<Vec<String>, ApiError> {
    if given.len() > RECIPIENTS_MAX {
        return Err(ApiError::field(
            "/recipients",
            "too_many",
            format!("There are at most {RECIPIENTS_MAX} recipients."),
        ));
    }
    let mut read: Vec<String> = Vec::new();
    let mut wrong = Vec::new();
    for (place, address) in given.iter().enumerate() {
        let at_fault = |code, message| FieldError::new(format!("/recipients/{place}"), code, message);
        let address = address.trim().to_ascii_lowercase();
        if !is_email(&address) {
            wrong.push(at_fault("invalid_email", "This is no address that mail can be sent to."));
        } else if read.contains(&address) {
            wrong.push(at_fault("duplicate", "This address is given twice."));
        } else {
            read.push(address);
        }
    }
    if wrong.is_empty() { Ok(read) } else { Err(ApiError::validation(wrong)) }
}

/// Reads the recipients of a schedule. People without a login get what its owner has chosen: for them, or, where the schedule states
/// filters, those.
///
/// # Errors
/// 422 with every recipient at fault: `filters_needed` for somebody without a login for whom nothing was chosen.
pub(crate) async fn chosen(
    tenant: &mut Tenant,
    given: &[Recipient],
    states_filters: bool,
) -> Result<Vec<ReportRecipient>, ApiError> {
    let written: Vec<String> = given.iter().map(|recipient| recipient.address().to_owned()).collect();
    let addresses = addresses(&written)?;
    let logins = reports::find_recipients(tenant, &addresses).await?;
    let mut read = Vec::new();
    let mut wrong = Vec::new();
    for (place, (recipient, address)) in given.iter().zip(addresses).enumerate() {
        let filters = match (recipient.filters(place)?, login(&logins, &address)) {
            (Some(filters), _) => Some(filters),
            (None, Some(_)) => None,
            (None, None) if states_filters => Some(Vec::new()),
            (None, None) => {
                let message =
                    "Nobody signs in with this address: say by filters what it gets, {} for everything.";
                wrong.push(FieldError::new(format!("/recipients/{place}"), "filters_needed", message));
                continue;
            }
        };
        read.push(ReportRecipient { address, filters });
    }
    if wrong.is_empty() { Ok(read) } else { Err(ApiError::validation(wrong)) }
}

fn login<'a>(logins: &'a [Login], address: &str) -> Option<&'a Login> {
    logins.iter().find(|login| login.address == address)
}

impl Recipient {
    fn address(&self) -> &str {
        match self {
            Self::Address(address) | Self::Chosen(Chosen { address, .. }) => address,
        }
    }

    fn filters(&self, place: usize) -> Result<Option<Vec<Filter>>, ApiError> {
        match self {
            Self::Chosen(Chosen { filters: Some(given), .. }) => {
                scope::filters(given, &format!("/recipients/{place}/filters")).map(Some)
            }
            Self::Address(_) | Self::Chosen(_) => Ok(None),
        }
    }
}
