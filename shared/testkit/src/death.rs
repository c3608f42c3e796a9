use std::{
    future::poll_fn,
    pin::{Pin, pin},
    task::{Context, Poll},
};

use tokio::task::coop;

/// A job that dies: `work`, dropped where it waits for the `waits + 1`st time. What it gave, or nothing when it died.
pub async fn dies_after<T>(waits: usize, work: impl Future<Output = T>) -> Option<T> {
    let (mut work, allowance) = (pin!(work), allowance().await);
    let mut left = waits;
    poll_fn(|task| {
        poll(work.as_mut(), task, allowance, || left.checked_sub(1).map(|less| left = less).is_some())
    })
    .await
}

/// How often `work` waits until it is done: as often as it can die.
pub async fn waits_of<T>(work: impl Future<Output = T>) -> usize {
    let (mut work, allowance) = (pin!(work), allowance().await);
    let mut waits = 0;
    poll_fn(|task| {
        poll(work.as_mut(), task, allowance, || {
            waits += 1;
            true
        })
    })
    .await;
    waits
}

/// How many steps tokio lets a task make before it has to wait, however much is ready.
async fn allowance() -> usize {
    // The next turn begins with all of them.
    tokio::task::yield_now().await;
    poll_fn(|task| Poll::Ready(spend(task, usize::MAX))).await
}

fn spend(task: &mut Context<'_>, at_most: usize) -> usize {
    let mut spent = 0;
    while spent < at_most && coop::has_budget_remaining() {
        let Poll::Ready(step) = coop::poll_proceed(task) else { break };
        step.made_progress();
        spent += 1;
    }
    spent
}

/// Polls with one step left: each reading and each writing of a socket is a wait of its own, however soon the answer is there. So
/// the number of waits does not depend on how fast the database is.
fn poll<T>(
    work: Pin<&mut impl Future<Output = T>>,
    task: &mut Context<'_>,
    allowance: usize,
    wait: impl FnOnce() -> bool,
) -> Poll<Option<T>> {
    let left = allowance - spend(task, allowance - 1);
    if left > 1 || !coop::has_budget_remaining() {
        // Somebody else has used this turn up: the next one is ours.
        task.waker().wake_by_ref();
        return Poll::Pending;
    }
    match work.poll(task) {
        Poll::Ready(done) => Poll::Ready(Some(done)),
        Poll::Pending if !wait() => Poll::Ready(None),
        Poll::Pending => Poll::Pending,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn steps(count: usize) -> usize {
        for _ in 0..count {
            coop::consume_budget().await;
        }
        count
    }

    #[tokio::test]
    async fn every_step_is_one_to_die_at_although_nothing_has_to_be_waited_for() {
        let waits = waits_of(steps(50)).await;
        assert!((25..=50).contains(&waits), "{waits}");
        for died in 0..waits {
            assert_eq!(dies_after(died, steps(50)).await, None);
        }
        assert_eq!(dies_after(waits, steps(50)).await, Some(50));
    }
}
