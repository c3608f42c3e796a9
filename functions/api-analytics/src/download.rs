//! Analyses as files: `?format=`.

use data::exports::Selection;
use edge::{
    ApiError, Permission, Principal,
    http::{Download, Reply, Request, read_query},
};

use crate::{
    Context,
    table::{self, Shape},
};

/// What says that a file is wanted.
const FORMAT: &str = "format";
/// How it writes numbers.
const LOCALE: &str = "locale";

/// How a route reads the parameters of its query.
type Read = fn(Vec<(String, String)>, &Principal) -> Result<Selection, ApiError>;

/// Whether the answer is to be a file: it is made anew every time, and recorded.
pub(crate) fn is_wanted(request: &Request) -> bool {
    request.pairs().iter().any(|(name, _)| is_about_file(name))
}

/// Answers an analysis with a file of all its groups.
///
/// # Errors
/// Those of the route, and 422 where it is too large for one answer.
pub(crate) async fn analysis(ctx: &Context, request: &Request, selection: Read) -> Result<Reply, ApiError> {
    let principal = request.require(Permission::AnalyticsRead)?;
    let (about_file, asked): (Vec<_>, Vec<_>) =
        request.pairs().into_iter().partition(|(name, _)| is_about_file(name));
    let selection = selection(asked, &principal)?;
    let Some(wanted) = read_query::<Download>(&about_file)?.wanted()? else {
        return Err(ApiError::not_found());
    };
    request.download(ctx.database.copying(&principal).await?, &selection, wanted).await
}

/// Answers as the route does, or with a file of all rows that its answer has: made anew every time, and recorded.
///
/// # Errors
/// Those of the route, and 422 where it is too large for one answer.
pub(crate) async fn or_answer(
    ctx: &Context,
    request: Request,
    (stem, shape): (&'static str, Shape),
    compute: impl AsyncFnOnce(&Context, &Request, &Principal) -> Result<Reply, ApiError>,
) -> Result<Reply, ApiError> {
    if !is_wanted(&request) {
        return ctx.answer(request, Permission::AnalyticsRead, compute).await;
    }
    let principal = request.require(Permission::AnalyticsRead)?;
    let about_file: Vec<_> = request.pairs().into_iter().filter(|(name, _)| is_about_file(name)).collect();
    let Some(wanted) = read_query::<Download>(&about_file)?.wanted()? else {
        return Err(ApiError::not_found());
    };
    let reply = compute(ctx, &request, &principal).await?;
    let (columns, block) = table::of(reply.ok_text().unwrap_or_default(), shape)?;
    request.download_table(ctx.database.tenant(&principal).await?, stem, (&columns, &block), wanted).await
}

/// Whether a parameter asks for a file, or says how it is written.
pub(crate) fn is_about_file(name: &str) -> bool {
    name == FORMAT || name == LOCALE
}

#[cfg(test)]
mod tests;
