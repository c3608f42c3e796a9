use super::*;
use crate::{ProductAlias, ProductKind};

const ROSE: &str = "4006381333931";
const OUD: &str = "9529843000349";
/// Fits its check digit, but no catalogue has it.
const FOREIGN: &str = "9529843000356";

fn reference() -> Reference {
    let product = |ean: &str, sku: &str, name: &str| Product {
        ean: ean.to_owned(),
        sku: Some(sku.to_owned()),
        name: Some(name.to_owned()),
        category: None,
        kind: ProductKind::Regular,
        size: None,
        active: true,
    };
    let alias = |alias: &str, ean: Option<&str>| ProductAlias {
        vendor: "liberty".to_owned(),
        alias: alias.to_owned(),
        ean: ean.map(str::to_owned),
    };
    Reference::new(&ReferenceData {
        products: vec![product(ROSE, "AV100", "Rose EDP 100 ml"), product(OUD, "AV200", "Oud EDP 100 ml")],
        aliases: vec![
            alias("000798341 | 98", Some(ROSE)),
            alias("Rose  Noire", Some(OUD)),
            alias("Gift wrap", None),
            alias("Twice", Some(ROSE)),
            alias("twice", Some(OUD)),
            alias("123", Some(OUD)),
        ],
        ..ReferenceData::default()
    })
}

fn matched(ean: Option<&str>, codes: &[&str], name: Option<&str>) -> Option<(Option<String>, ProductMatch)> {
    let printed = PrintedProduct { ean, codes, name };
    reference().match_product("liberty", &printed).map(|matched| (matched.ean, matched.by))
}

#[test]
fn the_most_certain_mark_of_a_product_decides() {
    use ProductMatch::{Alias, Ignored, Name, Printed, Sku};
    let is = |ean: &str, by| Some((Some(ean.to_owned()), by));
    assert_eq!(matched(Some("4006381333931.0"), &["AV200"], None), is(ROSE, Printed));
    assert_eq!(matched(None, &["000798341 | 98 Total", "AV200"], None), is(ROSE, Alias));
    assert_eq!(matched(None, &["unknown", "av200"], Some("Rose EDP 100ML")), is(OUD, Sku));
    assert_eq!(matched(None, &[], Some("ROSE NOIRE")), is(OUD, Alias));
    assert_eq!(matched(None, &[], Some("Rose E.D.P. 100ML")), is(ROSE, Name));
    assert_eq!(matched(None, &[], Some("gift WRAP")), Some((None, Ignored)));
    assert_eq!(matched(Some("123"), &[], None), is(OUD, Alias));
    assert_eq!(matched(Some(FOREIGN), &["av200"], None), is(FOREIGN, Printed));
}

#[test]
fn nothing_is_matched_by_likeness() {
    assert_eq!(matched(None, &["AV10"], Some("Rose EDP 10 ml")), None);
    assert_eq!(matched(None, &["twice"], None), None, "stands for two products");
    assert_eq!(matched(Some("4006381333932"), &[], None), None, "wrong check digit");
    let printed = PrintedProduct { ean: None, codes: &["000798341 | 98"], name: None };
    assert_eq!(reference().match_product("boxnox", &printed), None, "another vendor's code");
}
