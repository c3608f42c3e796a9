use edge::http::{Request, answer};
use testkit::event;

use super::*;
use crate::tests::{Setting, counts, rejects};

const SAMPLE: &str = include_str!("../../../../../shared/ingest/test_data/vendors/catalogue.csv");
const HEADER: &str = "ean,sku,name,kind,size,list_price_eur,active,liberty_name,liberty_supplier_ref";

fn csv(rows: &str) -> String {
    format!("{HEADER}\n{rows}")
}

#[tokio::test]
async fn the_sample_catalogue_is_taken_whole_and_twice_changes_nothing() {
    let setting = Setting::new().await;
    assert_eq!(counts(&setting.import(handle, SAMPLE).await), [41, 0, 0, 0]);
    assert_eq!(counts(&setting.import(handle, SAMPLE).await), [0, 0, 41, 0]);

    let known = setting.known(&setting.seeded).await;
    let kinds = |kind| known.products.iter().filter(|product| product.kind == kind).count();
    assert_eq!(
        [ProductKind::Tester, ProductKind::Sample, ProductKind::Advent, ProductKind::Gift].map(kinds),
        [4, 4, 2, 1]
    );
    let of_candle = known.aliases.iter().filter(|alias| alias.ean.as_deref() == Some("9529843000868"));
    insta::assert_debug_snapshot!(
        of_candle.map(|a| (a.vendor.as_str(), a.alias.as_str())).collect::<Vec<_>>()
    );
    assert!(setting.known(&setting.rival).await.products.is_empty());
}

#[tokio::test]
async fn rows_at_fault_are_answered_and_the_others_taken() {
    let setting = Setting::new().await;
    let rows = "9529843000349,A,One,fragrance,100,196.00,true,L1,S1\n\
        9529843000348,B,Wrong digit,fragrance,100,196.00,true,,\n\
        9529843000356,C,Price,fragrance,100,\"1.196,00\",true,,\n\
        9529843000387,D,Active,fragrance,100,,maybe,,\n\
        ,,,gwp,,,true,,\n\
        9529843000349,E,Again,fragrance,100,196.00,true,,\n\
        9529843000394,F,Alias,fragrance,100,210.00,true,, l1  \n\
        298430001210,G,Short,Tester,30,,FALSE,,";
    let response = setting.import(handle, &csv(rows)).await;
    assert_eq!(response.status, 200);
    insta::assert_json_snapshot!(response.json());

    let known = setting.known(&setting.seeded).await;
    let products: Vec<_> = known.products.iter().map(|p| (p.ean.as_str(), p.kind, p.active)).collect();
    let expected =
        [("0298430001210", ProductKind::Tester, false), ("9529843000349", ProductKind::Regular, true)];
    assert_eq!(products, expected);
    assert_eq!(known.aliases.len(), 2);
}

#[tokio::test]
async fn a_changed_row_is_an_update_and_an_alias_can_move() {
    let setting = Setting::new().await;
    let first = csv("9529843000349,A,One,candle,,83,true,L1,\n9529843000356,B,Two,candle,,83,true,L2,");
    assert_eq!(counts(&setting.import(handle, &first).await), [2, 0, 0, 0]);
    let swapped = csv("9529843000349,A,One,candle,,83.00,true,L2,\n9529843000356,B,Two,candle,,83,true,L1,");
    assert_eq!(counts(&setting.import(handle, &swapped).await), [0, 2, 0, 0]);
    let renamed = csv("9529843000349,A,Uno,candle,,83,true,L2,");
    assert_eq!(counts(&setting.import(handle, &renamed).await), [0, 1, 0, 0]);

    let known = setting.known(&setting.seeded).await;
    let aliases: Vec<_> =
        known.aliases.iter().map(|a| (a.alias.as_str(), a.ean.as_deref().unwrap_or_default())).collect();
    assert_eq!(aliases, [("L1", "9529843000356"), ("L2", "9529843000349")]);
}

#[tokio::test]
async fn only_those_who_may_write_the_catalogue_import() {
    let setting = Setting::new().await;
    let viewer = setting.database.principal(setting.seeded.org, "viewer").await;
    assert_eq!(setting.import_by(&viewer, handle, SAMPLE).await.status, 403);
    assert!(setting.known(&setting.seeded).await.products.is_empty());
}

#[tokio::test]
async fn the_windows_encoding_is_refused_and_nothing_is_taken() {
    let setting = Setting::new().await;
    let mut invoked = setting.as_owner(event("products-import/two-products"));
    invoked["requestContext"]["authorizer"]["lambda"]["user_id"] = setting.seeded.owner.to_string().into();
    let taken = answer(&setting.ctx, handle, Request::from_event(&invoked.to_string()).unwrap()).await;
    assert_eq!((counts(&taken), rejects(&taken)), ([2, 0, 0, 0], serde_json::json!([])));

    // "ean,name\n1,Caf\xe9" as API Gateway passes bytes that are not text.
    invoked["body"] = "ZWFuLG5hbWUKMSxDYWbp".into();
    invoked["isBase64Encoded"] = true.into();
    let refused = answer(&setting.ctx, handle, Request::from_event(&invoked.to_string()).unwrap()).await;
    assert_eq!((refused.status, &refused.json()["code"]), (422, &serde_json::json!("not_utf8")));
}

#[test]
fn every_vendor_has_its_columns() {
    for (column, vendor) in [
        ("skins_nl_article", Some("skins_nl")),
        ("liberty_supplier_ref", Some("liberty")),
        ("nordic_9_name", Some("nordic_9")),
        ("_name", None),
        ("name", None),
        ("li-berty_name", None),
        ("liberty_names", None),
    ] {
        assert_eq!(vendor_of(column), vendor, "{column}");
    }
}
