use std::{
    pin::{Pin, pin},
    task::{Context, Poll},
};

/// A job that dies: `work`, dropped where it waits for the `waits + 1`st time. What it gave, or nothing when it died.
pub async fn dies_after<T>(waits: usize, work: impl Future<Output = T>) -> Option<T> {
    let mut work = pin!(work);
    let mut left = waits;
    std::future::poll_fn(|task| poll(work.as_mut(), task, || left.checked_sub(1).map(|less| left = less)))
        .await
}

/// How often `work` waits until it is done: as often as it can die.
pub async fn waits_of<T>(work: impl Future<Output = T>) -> usize {
    let mut work = pin!(work);
    let mut waits = 0;
    std::future::poll_fn(|task| {
        poll(work.as_mut(), task, || {
            waits += 1;
            Some(())
        })
    })
    .await;
    waits
}

fn poll<T>(
    work: Pin<&mut impl Future<Output = T>>,
    task: &mut Context<'_>,
    wait: impl FnOnce() -> Option<()>,
) -> Poll<Option<T>> {
    match work.poll(task) {
        Poll::Ready(done) => Poll::Ready(Some(done)),
        Poll::Pending if wait().is_none() => Poll::Ready(None),
        Poll::Pending => Poll::Pending,
    }
}
