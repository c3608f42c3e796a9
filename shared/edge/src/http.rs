//! API Gateway HTTP API (payload 2.0): request in, reply or problem+json out.

mod builder;
pub mod cookies;
mod door;
mod download;
mod limits;
mod pairs;
mod reply;
mod request;
mod stream;
mod trail;

pub use builder::RequestBuilder;
pub use cookies::{Cookies, SetCookie};
pub use door::{Access, csrf_hash};
pub use download::Download;
pub use limits::Limits;
pub(crate) use limits::limit_names;
pub use pairs::{pairs_of, read_query};
pub use reply::{Accepted, Reply, Response};
pub use request::{Request, said};
pub use stream::{Progress, serve_stream};

use std::{future::Future, pin::Pin, time::Instant};

use data::Database;
use door::Origins;
use lambda_http::service_fn;
use tracing::Instrument as _;

use crate::{ApiError, Boxed, invocation, panics};

/// Runs a route for callers whom the authorizer vouches for: makes the context once, then answers requests, as often as the
/// limits allow, until the process ends.
///
/// # Errors
/// When the context cannot be made or the runtime stops.
pub async fn serve<C, H, F>(
    function: &'static str,
    context: impl Future<Output = anyhow::Result<C>>,
    handle: H,
) -> anyhow::Result<()>
where
    C: AsRef<Database> + Send + Sync + 'static,
    H: Fn(&'static C, Request) -> F + Send + Sync + 'static,
    F: Future<Output = Result<Reply, ApiError>> + Send + 'static,
{
    run(function, Access::Callers, Box::pin(route(context, handle))).await
}

/// Runs a route that anybody may call; otherwise as [`serve`].
///
/// # Errors
/// When the context cannot be made or the runtime stops.
pub async fn serve_anybody<C, H, F>(
    function: &'static str,
    context: impl Future<Output = anyhow::Result<C>>,
    handle: H,
) -> anyhow::Result<()>
where
    C: AsRef<Database> + Send + Sync + 'static,
    H: Fn(&'static C, Request) -> F + Send + Sync + 'static,
    F: Future<Output = Result<Reply, ApiError>> + Send + 'static,
{
    run(function, Access::Anybody, Box::pin(route(context, handle))).await
}

/// A route without its types, so that what runs it is compiled here, once, and not again in each of a hundred binaries.
struct Route {
    database: &'static Database,
    handle: Box<dyn Fn(Request) -> Boxed<'static, Result<Reply, ApiError>> + Send + Sync>,
}

impl AsRef<Database> for Route {
    fn as_ref(&self) -> &Database {
        self.database
    }
}

/// The context lives as long as the process, as all contexts do.
async fn route<C, H, F>(context: impl Future<Output = anyhow::Result<C>>, handle: H) -> anyhow::Result<Route>
where
    C: AsRef<Database> + Send + Sync + 'static,
    H: Fn(&'static C, Request) -> F + Send + Sync + 'static,
    F: Future<Output = Result<Reply, ApiError>> + Send + 'static,
{
    let ctx: &'static C = Box::leak(Box::new(context.await?));
    Ok(Route { database: ctx.as_ref(), handle: Box::new(move |request| Box::pin(handle(ctx, request))) })
}

fn run<'a>(
    function: &'static str,
    access: Access,
    route: Pin<Box<dyn Future<Output = anyhow::Result<Route>> + 'a>>,
) -> Pin<Box<dyn Future<Output = anyhow::Result<()>> + 'a>> {
    Box::pin(async move {
        let context = async { Ok((route.await?, Limits::from_env()?, Origins::from_env()?)) };
        let (route, limits, origins) = invocation::start(function, context).await?;
        let service = service_fn(move |event: lambda_http::Request| async move {
            let request = Request::from(event);
            let admitted = door::check(access, origins, &request);
            let handle = |route: &'static Route, request| (route.handle)(request);
            let response = limits::answer_within(limits, route, admitted, handle, request).await;
            Ok::<_, std::convert::Infallible>(response.into_http())
        });
        lambda_http::run(service).await.map_err(|error| anyhow::anyhow!(error))
    })
}

/// Answers one request exactly as `serve` does: errors and panics become problem+json, the outcome is logged.
pub async fn answer<'a, C, H, F>(ctx: &'a C, handle: H, request: Request) -> Response
where
    H: FnOnce(&'a C, Request) -> F,
    F: Future<Output = Result<Reply, ApiError>>,
{
    let started = Instant::now();
    let (id, path) = (request.id().to_string(), request.raw_path().to_owned());
    let span = tracing::info_span!(
        "request",
        request.id = id,
        http.route = request.route(),
        org.id = request.principal().ok().map(|principal| principal.org_id.to_string()),
    );
    async {
        let result = panics::catch(async { handle(ctx, request).await }).await;
        let result = result.unwrap_or_else(|panic| Err(ApiError::internal(panic)));
        let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        match result {
            Ok(reply) => {
                tracing::info!(http.status = reply.status(), duration_ms, "request answered");
                Response::of_reply(reply, &id)
            }
            Err(error) => {
                log_refusal(&error, duration_ms);
                Response::of_error(&error, &path, &id)
            }
        }
    }
    .instrument(span)
    .await
}

fn log_refusal(error: &ApiError, duration_ms: u64) {
    let (status, code) = (error.status().as_u16(), error.code());
    match error.cause() {
        Some(cause) => {
            let cause = format!("{cause:#}");
            tracing::error!(
                http.status = status,
                error.code = code,
                duration_ms,
                error = cause,
                "request failed"
            );
        }
        None => tracing::info!(http.status = status, error.code = code, duration_ms, "request refused"),
    }
}

#[cfg(test)]
mod tests;
