use std::sync::Mutex;

use serde_json::json;

use super::*;

fn batch(bodies: &[&str]) -> SqsEvent {
    let records: Vec<_> = bodies
        .iter()
        .enumerate()
        .map(|(n, body)| {
            json!({"messageId": format!("m{n}"), "body": body, "attributes": {"ApproximateReceiveCount": "3"}})
        })
        .collect();
    serde_json::from_value(json!({ "Records": records })).unwrap()
}

fn soon() -> Instant {
    Instant::now() + Duration::from_secs(60)
}

fn failed(response: &SqsBatchResponse) -> Vec<&str> {
    response.batch_item_failures.iter().map(|failure| failure.item_identifier.as_str()).collect()
}

#[tokio::test]
async fn one_failing_message_never_blocks_its_neighbours() {
    let handled = Mutex::new(Vec::new());
    let response = run_batch(
        batch(&["1", "2", "not json", "3", "\"text\"", "4", "5"]),
        soon(),
        async |message: Message<u32>| {
            handled.lock().unwrap().push((message.body, message.receive_count));
            match message.body {
                2 => Err(JobError::transient(anyhow::anyhow!("database down"))),
                3 => panic!("a lying file"),
                4 => Err(JobError::permanent(anyhow::anyhow!("not sales data"))),
                _ => Ok(()),
            }
        },
    )
    .await;
    assert_eq!(failed(&response), ["m1", "m2", "m3", "m4"]);
    assert_eq!(*handled.lock().unwrap(), [(1, 3), (2, 3), (3, 3), (4, 3), (5, 3)]);
}

#[tokio::test]
async fn a_panic_before_the_first_await_is_that_messages_failure() {
    fn explode(_: Message<u32>) -> std::future::Ready<Result<(), JobError>> {
        panic!("at once")
    }
    let response = run_batch(batch(&["1"]), soon(), explode).await;
    assert_eq!(failed(&response), ["m0"]);
}

#[tokio::test]
async fn what_is_not_done_in_time_comes_again() {
    let response = run_batch(batch(&["1", "2"]), Instant::now(), async |message: Message<u32>| {
        if message.body == 1 { Ok(()) } else { std::future::pending().await }
    })
    .await;
    assert_eq!(failed(&response), ["m1"]);
}

#[tokio::test]
async fn an_empty_batch_and_a_batch_without_failures_name_nobody() {
    let handle = async |_: Message<u32>| Ok(());
    assert!(failed(&run_batch(batch(&[]), soon(), handle).await).is_empty());
    assert!(failed(&run_batch(batch(&["1", "2"]), soon(), handle).await).is_empty());
}

#[tokio::test]
async fn any_error_counts_as_transient() {
    let handle = async |_: Message<u32>| {
        "x".parse::<u8>()?;
        Ok(())
    };
    assert_eq!(failed(&run_batch(batch(&["1"]), soon(), handle).await), ["m0"]);
}
