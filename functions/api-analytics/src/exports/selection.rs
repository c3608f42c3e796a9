//! What an export is asked to be of: the lists and analyses of the API, with the parameters of their routes.

use data::exports::Selection;
use edge::{
    ApiError, FieldError, Permission, Principal,
    http::{pairs_of, read_query},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{breakdown, series};

/// A route whose rows can be exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ExportSource")]
pub(super) enum Source {
    #[serde(rename = "sales")]
    Sales,
    #[serde(rename = "orders")]
    Orders,
    #[serde(rename = "products")]
    Products,
    #[serde(rename = "aliases")]
    Aliases,
    #[serde(rename = "prices")]
    Prices,
    #[serde(rename = "fx-rates")]
    FxRates,
    #[serde(rename = "vendors")]
    Vendors,
    #[serde(rename = "stores")]
    Stores,
    #[serde(rename = "known-gaps")]
    KnownGaps,
    #[serde(rename = "analytics/breakdown")]
    Breakdown,
    #[serde(rename = "analytics/series")]
    Series,
}

impl Source {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Sales => "sales",
            Self::Orders => "orders",
            Self::Products => "products",
            Self::Aliases => "aliases",
            Self::Prices => "prices",
            Self::FxRates => "fx-rates",
            Self::Vendors => "vendors",
            Self::Stores => "stores",
            Self::KnownGaps => "known-gaps",
            Self::Breakdown => "analytics/breakdown",
            Self::Series => "analytics/series",
        }
    }
}

/// Reads what is asked for, as the route of the source does.
///
/// # Errors
/// 422 naming the parameter, 403 where its rows are not for the caller to see.
pub(super) fn read(
    source: Source,
    query: &Map<String, Value>,
    principal: &Principal,
) -> Result<Selection, ApiError> {
    let pairs = pairs_of(query, "/query")?;
    let selection = match source {
        Source::Sales => read_query(&pairs).map(Selection::Sales),
        Source::Orders => read_query(&pairs).map(Selection::Orders),
        Source::Products => read_query(&pairs).map(Selection::Products),
        Source::Aliases => whole(&pairs, Selection::Aliases),
        Source::Prices => whole(&pairs, Selection::Prices),
        Source::FxRates => whole(&pairs, Selection::FxRates),
        Source::Vendors => whole(&pairs, Selection::Vendors),
        Source::Stores => whole(&pairs, Selection::Stores),
        Source::KnownGaps => whole(&pairs, Selection::KnownGaps),
        Source::Breakdown => breakdown::selection(pairs, principal),
        Source::Series => series::selection(pairs, principal),
    };
    let selection = selection.map_err(in_body)?;
    for needed in selection.needs() {
        let may = needed.parse().is_ok_and(|permission: Permission| principal.may(permission));
        if !may {
            return Err(ApiError::forbidden(format!("This needs the permission {needed}.")));
        }
    }
    Ok(selection)
}

/// A list that is exported whole.
fn whole(pairs: &[(String, String)], selection: Selection) -> Result<Selection, ApiError> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Nothing {}
    read_query::<Nothing>(pairs).map(|Nothing {}| selection)
}

/// What is said of a parameter of a route, said of the member of the body that it came in.
fn in_body(error: ApiError) -> ApiError {
    if error.fields().is_empty() {
        return error;
    }
    let within = |field: &FieldError| {
        FieldError::new(format!("/query/{}", field.pointer), field.code.clone(), field.message.clone())
    };
    ApiError::validation(error.fields().iter().map(within).collect())
}
