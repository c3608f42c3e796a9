//! Start-up shared by all functions, and the loop for events that are neither HTTP nor SQS.

use std::{fmt::Debug, future::Future, pin::Pin};

use anyhow::Context as _;
use lambda_runtime::{LambdaEvent, service_fn};
use serde::{Serialize, de::DeserializeOwned};

use crate::{Boxed, panics, telemetry};

/// Runs a function on a schedule, a deploy step or as authorizer: typed event in, typed result out.
/// An error fails the invocation, so that Lambda tries again or the deployment stops.
///
/// # Errors
/// When the context cannot be made or the runtime stops.
pub async fn serve<C, E, R, H, F>(
    function: &'static str,
    context: impl Future<Output = anyhow::Result<C>>,
    handle: H,
) -> anyhow::Result<()>
where
    C: Send + Sync + 'static,
    E: DeserializeOwned + Send + 'static,
    R: Serialize + Debug + Send + 'static,
    H: Fn(&'static C, E) -> F,
    F: Future<Output = anyhow::Result<R>> + Send + 'static,
{
    let context: Pin<Box<dyn Future<Output = _>>> = Box::pin(context);
    let ctx = start(function, context).await?;
    run(service_fn(|event: LambdaEvent<E>| {
        let work: Boxed<'_, _> = Box::pin(handle(ctx, event.payload));
        async move {
            let outcome = panics::catch(work).await.and_then(|result| result);
            outcome.inspect_err(|error| tracing::error!(error = format!("{error:#}"), "invocation failed"))
        }
    }))
    .await
}

/// Logging first, so that a context that cannot be made is reported as a JSON line too.
/// The context lives as long as the process: leaking it spares every handler a reference count.
pub(crate) async fn start<C: 'static>(
    function: &'static str,
    context: impl Future<Output = anyhow::Result<C>>,
) -> anyhow::Result<&'static C> {
    telemetry::init(function);
    match context.await {
        Ok(ctx) => Ok(Box::leak(Box::new(ctx))),
        Err(error) => {
            tracing::error!(error = format!("{error:#}"), "the function cannot start");
            Err(error.context("the function cannot start"))
        }
    }
}

pub(crate) async fn run<S, E, R>(service: S) -> anyhow::Result<()>
where
    S: lambda_runtime::Service<LambdaEvent<E>, Response = R, Error = anyhow::Error>,
    S::Future: Send,
    E: DeserializeOwned,
    R: Serialize,
{
    use lambda_runtime::tower::ServiceExt as _;

    let service = service.map_err(|error| format!("{error:#}"));
    lambda_runtime::run(service).await.map_err(|error| anyhow::anyhow!(error)).context("the runtime stopped")
}
