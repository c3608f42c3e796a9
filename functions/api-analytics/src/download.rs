//! Analyses as files: `?format=` of a breakdown or a series.

use data::exports::Selection;
use edge::{
    ApiError, Permission, Principal,
    http::{Download, Reply, Request, read_query},
};

use crate::Context;

/// What says that a file is wanted.
const FORMAT: &str = "format";
/// How it writes numbers.
const LOCALE: &str = "locale";

/// How a route reads the parameters of its query.
type Read = fn(Vec<(String, String)>, &Principal) -> Result<Selection, ApiError>;

/// Whether the answer is to be a file: it is made anew every time, and recorded.
pub(crate) fn is_wanted(request: &Request) -> bool {
    request.pairs().iter().any(|(name, _)| name == FORMAT)
}

/// Answers an analysis with a file of all its groups.
///
/// # Errors
/// Those of the route, and 422 where it is too large for one answer.
pub(crate) async fn analysis(ctx: &Context, request: &Request, selection: Read) -> Result<Reply, ApiError> {
    let principal = request.require(Permission::AnalyticsRead)?;
    let (about_file, asked): (Vec<_>, Vec<_>) =
        request.pairs().into_iter().partition(|(name, _)| name == FORMAT || name == LOCALE);
    let selection = selection(asked, &principal)?;
    let Some(wanted) = read_query::<Download>(&about_file)?.wanted()? else {
        return Err(ApiError::not_found());
    };
    request.download(ctx.database.copying(&principal).await?, &selection, wanted).await
}
