//! Queue consumers: one outcome a message, and only what failed comes back.

use std::{future::Future, time::Duration};

use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent, SqsMessage};
use lambda_runtime::{LambdaEvent, service_fn};
use serde::de::DeserializeOwned;
use tokio::time::{Instant, timeout_at};
use tracing::Instrument as _;

use crate::{
    Boxed,
    invocation::{self, Running},
    panics,
};

/// A message whose body was understood.
#[derive(Debug, Clone)]
pub struct Message<M> {
    /// Given by SQS; the same on every delivery.
    pub id: String,
    /// How often it was delivered, this time included: 1 on the first try.
    pub receive_count: u32,
    pub body: M,
}

/// Why a message was not handled.
#[derive(Debug)]
pub enum JobError {
    /// Trying again cannot help. The handler has recorded the failure where people see it; the message is
    /// acknowledged.
    Permanent(anyhow::Error),
    /// A later try may succeed. The message returns to the queue and reaches the dead-letter queue in the end.
    Transient(anyhow::Error),
}

impl JobError {
    pub fn permanent(error: impl Into<anyhow::Error>) -> Self {
        Self::Permanent(error.into())
    }

    pub fn transient(error: impl Into<anyhow::Error>) -> Self {
        Self::Transient(error.into())
    }
}

/// What is not known to be permanent is tried again: losing a message is worse than repeating one.
impl<E: Into<anyhow::Error>> From<E> for JobError {
    fn from(error: E) -> Self {
        Self::Transient(error.into())
    }
}

/// Left of the function's time when messages are given back, so that the answer about the others still leaves.
const ANSWER_TIME: Duration = Duration::from_secs(2);

/// Runs a queue consumer.
///
/// # Errors
/// When the context cannot be made or the runtime stops.
pub async fn serve<C, M, H, F>(
    function: &'static str,
    context: impl Future<Output = anyhow::Result<C>>,
    handle: H,
) -> anyhow::Result<()>
where
    C: Send + Sync + 'static,
    M: DeserializeOwned + Send + 'static,
    H: Fn(&'static C, Message<M>) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Result<(), JobError>> + Send + 'static,
{
    let ctx = invocation::start(function, Box::pin(context)).await?;
    consume(Box::new(move |event, deadline| {
        let handle = handle.clone();
        Box::pin(async move { run_batch(event, deadline, |message| handle(ctx, message)).await })
    }))
    .await
}

/// A consumer without its types, so that what runs it is compiled here, once.
type Consumer = Box<dyn Fn(SqsEvent, Instant) -> Boxed<'static, SqsBatchResponse> + Send>;

fn consume(consumer: Consumer) -> Running {
    Box::pin(invocation::run(service_fn(move |event: LambdaEvent<SqsEvent>| {
        let deadline = Instant::now() + time_left(&event.context).saturating_sub(ANSWER_TIME);
        let batch = consumer(event.payload, deadline);
        async move { Ok(batch.await) }
    })))
}

fn time_left(context: &lambda_runtime::Context) -> Duration {
    context.deadline().duration_since(std::time::SystemTime::now()).unwrap_or_default()
}

/// Handles the messages one after the other and names those that must come again.
///
/// Messages are independent: an error, a panic or a body that cannot be read is that message's failure alone.
/// What is not done by `deadline` is given back.
pub async fn run_batch<M, H, F>(event: SqsEvent, deadline: Instant, handle: H) -> SqsBatchResponse
where
    M: DeserializeOwned,
    H: Fn(Message<M>) -> F,
    F: Future<Output = Result<(), JobError>>,
{
    let mut response = SqsBatchResponse::default();
    for message in event.records {
        let id = message.message_id.clone().unwrap_or_default();
        let span = tracing::info_span!("message", message.id = id, request.id = tracing::field::Empty);
        if run_one(message, deadline, &handle).instrument(span).await == Outcome::Retry {
            let mut failure = BatchItemFailure::default();
            failure.item_identifier = id;
            response.batch_item_failures.push(failure);
        }
    }
    response
}

#[derive(PartialEq, Eq)]
enum Outcome {
    Done,
    Retry,
}

async fn run_one<M, H, F>(message: SqsMessage, deadline: Instant, handle: &H) -> Outcome
where
    M: DeserializeOwned,
    H: Fn(Message<M>) -> F,
    F: Future<Output = Result<(), JobError>>,
{
    let started = Instant::now();
    let receive_count = receive_count(&message);
    let body = match serde_json::from_str(message.body.as_deref().unwrap_or_default()) {
        Ok(body) => body,
        Err(_) => {
            // Neither the body nor the parser's words about it: they may quote what must not be logged.
            tracing::error!(message.receive_count = receive_count, "message cannot be read");
            return Outcome::Retry;
        }
    };
    let id = message.message_id.unwrap_or_default();
    // Called inside the future, so that a panic before the first await is caught too.
    let work = async { handle(Message { id, receive_count, body }).await };
    let result = match timeout_at(deadline, panics::catch(work)).await {
        Ok(Ok(result)) => result,
        Ok(Err(panic)) => Err(JobError::Transient(panic)),
        Err(_) => Err(JobError::Transient(anyhow::anyhow!("not done in the time of the function"))),
    };
    let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    match result {
        Ok(()) => {
            tracing::info!(duration_ms, "message handled");
            Outcome::Done
        }
        Err(JobError::Permanent(error)) => {
            tracing::error!(duration_ms, error = format!("{error:#}"), "message failed for good");
            Outcome::Done
        }
        Err(JobError::Transient(error)) => {
            let error = format!("{error:#}");
            tracing::warn!(
                duration_ms,
                message.receive_count = receive_count,
                error,
                "message returns to the queue"
            );
            Outcome::Retry
        }
    }
}

fn receive_count(message: &SqsMessage) -> u32 {
    message.attributes.get("ApproximateReceiveCount").and_then(|count| count.parse().ok()).unwrap_or(1)
}

#[cfg(test)]
mod tests;
