//! The job dies between any two of its steps.

use std::{
    pin::pin,
    task::{Context as TaskContext, Poll},
};

use super::*;

/// Runs something until it has waited so often, and drops it then; whether it came to its end.
async fn killed_after(waits: usize, work: impl Future<Output = anyhow::Result<Dispatched>>) -> bool {
    let mut work = pin!(work);
    let mut waited = 0;
    std::future::poll_fn(|task: &mut TaskContext<'_>| match work.as_mut().poll(task) {
        Poll::Ready(done) => {
            done.unwrap();
            Poll::Ready(true)
        }
        Poll::Pending if waited == waits => Poll::Ready(false),
        Poll::Pending => {
            waited += 1;
            Poll::Pending
        }
    })
    .await
}

#[tokio::test]
async fn a_job_that_dies_anywhere_leaves_one_run_and_one_report_for_everybody() {
    let lambda = Lambda::new().await;
    let owner = lambda.seeded.owner.0;
    let now = at("2026-11-01T06:01:00Z");
    let recipients =
        vec![to(&lambda.seeded.principal().email, None), to("buyer@liberty.example", Some(only("liberty")))];
    let mut kills = 0;
    for waits in 0.. {
        let id = lambda.keep(&wish(owner, recipients.clone())).await;
        let came_to_its_end = killed_after(waits, dispatch_at(&lambda.ctx, now)).await;
        // The lock of a dead worker goes with its connection.
        while lambda.runs(id).await.is_empty() {
            dispatch_at(&lambda.ctx, now).await.unwrap();
        }
        dispatch_at(&lambda.ctx, now).await.unwrap();
        let runs = lambda.runs(id).await;
        assert_eq!(runs.len(), 1, "after {waits} waits");
        let mut got: Vec<_> = lambda
            .reports()
            .await
            .into_iter()
            .filter(|report| report.run_id == Some(runs[0].id))
            .map(|report| report.recipients)
            .collect();
        got.sort();
        let mut expected =
            vec![vec!["buyer@liberty.example".to_owned()], vec![lambda.seeded.principal().email]];
        expected.sort();
        assert_eq!(got, expected, "after {waits} waits");
        lambda.admin("DELETE FROM reports; DELETE FROM report_schedules").await;
        if came_to_its_end {
            break;
        }
        kills += 1;
    }
    assert!(kills > 10, "it was killed {kills} times only");
}
