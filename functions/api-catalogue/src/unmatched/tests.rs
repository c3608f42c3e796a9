use serde_json::json;

use super::*;
use crate::tests::{Setting, waiting_rows};

#[tokio::test]
async fn waiting_rows_are_listed_by_what_they_print_with_suggestions() {
    let setting = Setting::new().await;
    let csv = "ean,sku,name,kind,size,list_price_eur,active\n\
        9529843000349,AVMM100,MARBLE MARKET 100 ML,fragrance,100,,true\n\
        9529843000738,AVMM10,MARBLE MARKET 10 ML,fragrance,10,,true\n";
    assert_eq!(setting.import(crate::products::import::handle, csv).await.status, 200);
    waiting_rows(&setting, "Marbel Market 100ml", 2).await;
    waiting_rows(&setting, "Something else", 1).await;

    let first = setting.get(handle, "limit=1").await.json();
    let found = &first["data"][0];
    assert_eq!(
        (&found["name"], &found["rows"], &found["quantity"]),
        (&json!("Marbel Market 100ml"), &json!(2), &json!("4"))
    );
    assert_eq!(found["amounts"], json!([{"currency": "GBP", "amount_local": "24.00"}]));
    assert_eq!((&found["from"], &found["to"]), (&json!("2026-01-01"), &json!("2026-01-31")));
    assert_eq!((&found["uploads_total"], &found["source"]["row"]), (&json!(1), &json!(7)));
    assert_eq!(found["suggestions"].as_array().unwrap().len(), 1, "the other size is none: {found}");
    assert_eq!(found["suggestions"][0]["ean"], "9529843000349");
    assert!(found["suggestions"][0]["score"].as_f64().unwrap() > 0.6);

    let cursor = first["next_cursor"].as_str().unwrap();
    let second = setting.get(handle, &format!("limit=1&cursor={cursor}")).await.json();
    assert_eq!(
        (&second["data"][0]["name"], &second["next_cursor"]),
        (&json!("Something else"), &json!(null))
    );
    assert_eq!(second["data"][0]["suggestions"], json!([]));
    assert_eq!(setting.get(handle, "vendor=boxnox").await.json()["data"], json!([]));
}
