//! Turns a panic inside a future into a value, so that it ends one request or message and not the process.

use std::{
    any::Any,
    future::{Future, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    task::Poll,
};

/// Runs the future; a panic becomes an error with its message.
pub(crate) async fn catch<F: Future>(future: F) -> Result<F::Output, anyhow::Error> {
    let mut future = pin!(future);
    // After a panic the future is never polled again, so no half-changed state of it is seen.
    poll_fn(|cx| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx))) {
        Ok(poll) => poll.map(Ok),
        Err(payload) => Poll::Ready(Err(anyhow::anyhow!("panicked: {}", message(payload.as_ref())))),
    })
    .await
}

fn message(payload: &(dyn Any + Send)) -> &str {
    payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message")
}
