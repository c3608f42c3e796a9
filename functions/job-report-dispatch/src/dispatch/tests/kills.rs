//! The job dies between any two of its steps.

use testkit::dies_after;

use super::*;

#[tokio::test]
async fn a_job_that_dies_anywhere_leaves_one_run_and_one_report_for_everybody() {
    let lambda = Lambda::new().await;
    let owner = lambda.seeded.owner.0;
    let now = at("2026-11-01T06:01:00Z");
    let recipients =
        vec![to(&lambda.seeded.principal().email, None), to("buyer@liberty.example", Some(only("liberty")))];
    let mut deaths = 0;
    for waits in 0..40 {
        let id = lambda.keep(&wish(owner, recipients.clone())).await;
        let died = dies_after(waits, dispatch_at(&lambda.ctx, now)).await.transpose().unwrap().is_none();
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
        deaths += u32::from(died);
    }
    assert!(deaths > 0, "it never died");
}
