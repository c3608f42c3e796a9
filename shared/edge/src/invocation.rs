//! Start-up shared by all functions, and the loop for events that are neither HTTP nor SQS.

use std::{future::Future, pin::Pin};

use anyhow::{Context as _, anyhow};
use lambda_runtime::{LambdaEvent, service_fn};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

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
    E: DeserializeOwned + 'static,
    R: Serialize,
    H: Fn(&'static C, E) -> F + Send + 'static,
    F: Future<Output = anyhow::Result<R>> + Send + 'static,
{
    let ctx = start(function, Box::pin(context)).await?;
    answer(Box::new(move |event| match serde_json::from_value(event) {
        Ok(event) => {
            let work = handle(ctx, event);
            Box::pin(async move { Ok(serde_json::to_value(work.await?)?) })
        }
        // Not the parser's words about it: they may quote what must not be logged.
        Err(_) => Box::pin(std::future::ready(Err(anyhow!("the event cannot be read")))),
    }))
    .await
}

/// A function without its types, so that what runs it is compiled here, once.
type Handle = Box<dyn Fn(Value) -> Boxed<'static, anyhow::Result<Value>> + Send>;

fn answer(handle: Handle) -> Running {
    Box::pin(run(service_fn(move |event: LambdaEvent<Value>| {
        let work = handle(event.payload);
        async move {
            let outcome = panics::catch(work).await.and_then(|result| result);
            outcome.inspect_err(|error| tracing::error!(error = format!("{error:#}"), "invocation failed"))
        }
    })))
}

/// The runtime at work, until the process ends.
pub(crate) type Running = Pin<Box<dyn Future<Output = anyhow::Result<()>>>>;

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
