//! Answers that come about in pieces: server-sent events through a function URL, because an HTTP API keeps an answer back until it
//! is whole. No gateway stands before a function URL: what it would see to is done here, by the same code.

use std::convert::Infallible;

use data::Database;
use lambda_http::{http, service_fn};
use lambda_runtime::streaming::{self, Body, Sender};
use serde::Serialize;
use tokio::{
    sync::mpsc::{self, UnboundedReceiver, UnboundedSender},
    task::{JoinError, JoinHandle},
};

use super::{
    Limits, Reply, Request, Response,
    door::{self, Access, Origins},
    limits::{Standing, answer_admitted},
};
use crate::{ApiError, callers, invocation};

/// Where a route tells what it is doing. It neither waits nor fails: whether anybody listens is no business of the route.
#[derive(Debug, Clone, Default)]
pub struct Progress(Option<UnboundedSender<String>>);

impl Progress {
    /// Tells nobody.
    #[must_use]
    pub fn silent() -> Self {
        Self(None)
    }

    /// Tells whoever holds the other end.
    #[must_use]
    pub fn heard() -> (Self, UnboundedReceiver<String>) {
        let (listener, told) = mpsc::unbounded_channel();
        (Self(Some(listener)), told)
    }

    /// Sends an event. The first one decides that the answer is a stream.
    pub fn tell<T: Serialize>(&self, event: &'static str, data: &T) {
        if let (Some(listener), Ok(data)) = (&self.0, serde_json::to_string(data)) {
            // Whoever asked may have gone.
            let _ = listener.send(frame(event, &data));
        }
    }
}

/// An event as it is written: JSON of ours has no line breaks.
fn frame(event: &str, data: &str) -> String {
    format!("event: {event}\ndata: {data}\n\n")
}

/// What stands before the route.
struct Gate {
    route: &'static str,
    limits: Limits,
    origins: Origins,
}

/// Runs one route behind a function URL, as [`serve`](super::serve) does behind the HTTP API.
///
/// What the route tells reaches the caller at once; the last event is `answer` with what the route answers, or `error` with the problem.
/// What ends before the first event is answered as by any route.
///
/// # Errors
/// When the context cannot be made or the runtime stops.
pub async fn serve_stream<C, H, F>(
    function: &'static str,
    route: &'static str,
    context: impl Future<Output = anyhow::Result<C>>,
    handle: H,
) -> anyhow::Result<()>
where
    C: AsRef<Database> + Send + Sync + 'static,
    H: Fn(&'static C, Request, Progress) -> F + Copy + Send + Sync + 'static,
    F: Future<Output = Result<Reply, ApiError>> + Send + 'static,
{
    let context = async {
        let gate = Gate { route, limits: Limits::from_env()?, origins: Origins::from_env()? };
        Ok((context.await?, gate))
    };
    let (ctx, gate) = invocation::start(function, Box::pin(context)).await?;
    let service = service_fn(move |event: lambda_http::Request| async move {
        Ok::<_, Infallible>(respond(gate, ctx, handle, Request::from(event)).await)
    });
    lambda_http::run_with_streaming_response(service).await.map_err(|error| anyhow::anyhow!(error))
}

async fn respond<C, H, F>(gate: &Gate, ctx: &'static C, handle: H, request: Request) -> http::Response<Body>
where
    C: AsRef<Database> + Send + Sync + 'static,
    H: Fn(&'static C, Request, Progress) -> F + Send + Sync + 'static,
    F: Future<Output = Result<Reply, ApiError>> + Send + 'static,
{
    let called = request.require_route(gate.route);
    let caller = callers::of(ctx.as_ref(), request.presented()).await;
    let mut request = request.vouched(gate.route, caller.as_ref().ok().and_then(Option::as_ref));
    let admitted = match caller {
        Err(failure) => Err(ApiError::from(failure)),
        Ok(_) => called.and_then(|()| door::check(Access::Callers, &gate.origins, &request)),
    };
    let mut standing = Standing::of(&gate.limits, ctx.as_ref(), &mut request).await;
    let admitted = standing.admit(admitted);
    let (id, path) = (request.id().to_string(), request.raw_path().to_owned());
    let head = standing.told(Response::of_reply(Reply::text("text/event-stream", ""), &id));
    let (progress, told) = Progress::heard();
    let work = async move {
        let handle = |ctx: &'static C, request| handle(ctx, request, progress);
        standing.told(answer_admitted(ctx, admitted, handle, request).await)
    };
    let broken = move |error: JoinError| Response::of_error(&ApiError::internal(error), &path, &id);
    in_pieces(head, told, work, broken).await
}

/// The answer as it comes about. The work is done apart from whoever listens: a caller who reads slowly keeps no connection busy, and
/// one who goes away leaves nothing half done.
async fn in_pieces(
    head: Response,
    mut told: UnboundedReceiver<String>,
    work: impl Future<Output = Response> + Send + 'static,
    broken: impl FnOnce(JoinError) -> Response + Send + 'static,
) -> http::Response<Body> {
    let mut work = tokio::spawn(work);
    let first = tokio::select! {
        biased;
        Some(first) = told.recv() => first,
        done = &mut work => {
            let whole = done.unwrap_or_else(broken).into_http();
            return whole.map(|body| Body::from(body.to_vec()));
        }
    };
    let (out, body) = streaming::channel();
    tokio::spawn(pass_on(out, first, told, work, broken));
    head.into_http().map(|_| body)
}

async fn pass_on(
    mut out: Sender,
    first: String,
    mut told: UnboundedReceiver<String>,
    work: JoinHandle<Response>,
    broken: impl FnOnce(JoinError) -> Response,
) {
    let mut next = Some(first);
    while let Some(frame) = next {
        if out.send_data(frame.into()).await.is_err() {
            return;
        }
        next = told.recv().await;
    }
    let last = work.await.unwrap_or_else(broken);
    let event = if (200..300).contains(&last.status) { "answer" } else { "error" };
    let last = frame(event, &String::from_utf8_lossy(last.body()));
    // Nobody is left to be told that nobody is left.
    let _ = out.send_data(last.into()).await;
}

#[cfg(test)]
mod tests;
