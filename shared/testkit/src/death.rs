use std::{pin::pin, task::Poll};

/// A job that dies: `work`, dropped where it waits for the `waits + 1`st time. What it gave, or nothing when it died.
///
/// How often it waits depends on how soon the database answers, so a test goes through more numbers than it needs on a fast one.
pub async fn dies_after<T>(waits: usize, work: impl Future<Output = T>) -> Option<T> {
    let mut work = pin!(work);
    let mut left = waits;
    std::future::poll_fn(|task| match work.as_mut().poll(task) {
        Poll::Ready(done) => Poll::Ready(Some(done)),
        Poll::Pending if left == 0 => Poll::Ready(None),
        Poll::Pending => {
            left -= 1;
            Poll::Pending
        }
    })
    .await
}
