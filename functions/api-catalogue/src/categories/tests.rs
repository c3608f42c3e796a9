use serde_json::json;

use super::*;
use crate::{products, tests::Setting};

#[tokio::test]
async fn a_category_is_renamed_and_two_become_one() {
    let setting = Setting::new().await;
    for (ean, category) in
        [("9529843000349", "Perfume"), ("9529843000356", "perfume"), ("9529843000363", "Candle")]
    {
        let body = json!({"ean": ean, "name": ean, "category": category});
        assert_eq!(setting.post(products::create::handle, &body).await.status, 201, "{ean}");
    }
    let joined = setting.post(rename::handle, &json!({"from": "perfume", "to": "Perfume"})).await;
    assert_eq!((joined.status, joined.json()), (200, json!({"name": "Perfume", "products": 2})));
    let listed = setting.get(list::handle, "").await.json();
    assert_eq!(
        listed["data"],
        json!([{"name": "Candle", "products": 1}, {"name": "Perfume", "products": 2}])
    );
    let product = setting.of(&setting.seeded, "GET", "/v1/products/x").path("ean", "9529843000356");
    assert_eq!(
        setting.send(products::get::handle, product).await.json()["version"],
        2,
        "whoever read it before is told"
    );
    for (body, status) in [
        (json!({"from": "perfume", "to": "x"}), 404),
        (json!({"from": "Candle", "to": " "}), 422),
        (json!({"from": "Candle"}), 422),
    ] {
        assert_eq!(setting.post(rename::handle, &body).await.status, status, "{body}");
    }
}
