use super::handle;
use crate::books::Books;

#[tokio::test]
async fn every_metric_and_dimension_is_documented() {
    let books = Books::new().await;
    insta::assert_json_snapshot!(books.ask(handle, "viewer", "/v1/metrics").await.json());
}
