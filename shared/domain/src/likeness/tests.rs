use super::*;
use crate::ProductAlias;

fn product(ean: &str, sku: &str, name: &str, kind: ProductKind, size: &str) -> Product {
    Product {
        ean: ean.to_owned(),
        sku: Some(sku.to_owned()),
        name: Some(name.to_owned()),
        category: Some(if name.contains("CANDLE") { "candle" } else { "fragrance" }.to_owned()),
        kind,
        size: Some(size.to_owned()),
        active: true,
    }
}

fn catalogue() -> ReferenceData {
    use ProductKind::{Regular, Sample, Tester};
    let alias = |vendor: &str, alias: &str, ean: &str| ProductAlias {
        vendor: vendor.to_owned(),
        alias: alias.to_owned(),
        ean: Some(ean.to_owned()),
    };
    ReferenceData {
        products: vec![
            product("9529843000349", "AVMM100", "MARBLE MARKET 100 ML", Regular, "100"),
            product("0298430001210", "AVMM30", "MARBLE MARKET 30 ML", Regular, "30"),
            product("9529843000738", "AVMM10", "MARBLE MARKET 10 ML", Regular, "10"),
            product("9529843001186", "AVMMT100", "MARBLE MARKET TESTER 100 ML", Tester, "100"),
            product("9529843000387", "AVVP100", "VELVET PIANO 100 ML", Regular, "100"),
            product("9529843000394", "AVVPA100", "VELVET PARADE 100", Regular, "100"),
            product("9529843000868", "AVOGC3", "OLD GREENHOUSE CANDLE", Regular, "280"),
            product("9529843000943", "AVFD6X2", "DISCOVERY SET 6 X 2 ML", Regular, "6x2"),
            product("9529843000950", "AVMM2", "MARBLE MARKET 2 ML", Sample, "2"),
        ],
        aliases: vec![
            alias("galilu", "OLD GREENHOUSE świeca zapachowa 280 g", "9529843000868"),
            alias("liberty", "000865440 | 98-NO COLOUR Total", "9529843000387"),
        ],
        ..ReferenceData::default()
    }
}

/// SKUs of what is suggested.
fn suggested(code: Option<&str>, name: Option<&str>) -> Vec<(String, f64)> {
    let data = catalogue();
    let codes: Vec<String> = code.map(str::to_owned).into_iter().collect();
    let unmatched = Unmatched { vendor: "liberty", codes: &codes, name };
    let suggestions = Likenesses::new(&data).suggest(&unmatched);
    suggestions.into_iter().map(|found| (found.sku.unwrap(), found.score)).collect()
}

fn skus(code: Option<&str>, name: Option<&str>) -> Vec<String> {
    suggested(code, name).into_iter().map(|(sku, _)| sku).collect()
}

#[test]
fn names_are_found_by_their_words_and_never_by_another_size() {
    assert_eq!(skus(None, Some("Aveline Marble Market EDP 100ml")), ["AVMM100"]);
    assert_eq!(skus(None, Some("Marbel Market 10 ml")), ["AVMM10"]);
    assert_eq!(skus(None, Some("MARBLE MARKET eau de parfum 3.4 fl oz / 100 ml")), ["AVMM100"]);
    assert_eq!(skus(None, Some("Market Marble 50 ml")), [""; 0]);
    assert_eq!(skus(None, Some("Discovery Set 2 ml")), [""; 0]);
    assert_eq!(skus(None, Some("Aveline Discovery Set 6x2ml")), ["AVFD6X2"]);
}

#[test]
fn a_tester_is_not_the_product_and_a_candle_not_the_fragrance() {
    assert_eq!(skus(None, Some("TESTER Marble Market 100ml")), ["AVMMT100"]);
    assert_eq!(skus(None, Some("Marble Market sample")), ["AVMM2"]);
    assert_eq!(skus(None, Some("OLD GREENHOUSE bougie 280 g")), ["AVOGC3"]);
    assert_eq!(skus(None, Some("Marble Market candle 100")), [""; 0]);
    assert_eq!(skus(Some("AVMT100"), None), [""; 0], "a T may stand for tester");
}

#[test]
fn codes_are_found_by_a_slip_in_their_letters_and_never_in_their_digits() {
    assert_eq!(skus(Some("AV-MM-100"), None), ["AVMM100"]);
    assert_eq!(skus(Some("AVVPX100"), None), ["AVVP100", "AVVPA100"]);
    assert_eq!(skus(Some("AVMM20"), None), [""; 0]);
    assert_eq!(skus(Some("000865440|98 NO COLOUR total"), None), ["AVVP100"]);
    assert_eq!(skus(Some("000865441 | 98-NO COLOUR"), None), [""; 0], "the vendor's next number");
}

#[test]
fn an_ean_with_a_slip_is_suggested_and_a_right_one_of_others_is_not() {
    assert_eq!(skus(Some("9529843000348"), None), ["AVMM100"], "wrong check digit");
    assert_eq!(skus(Some("9592843000349"), None), ["AVMM100"], "two digits swapped");
    assert_eq!(skus(Some("298430001210"), None), ["AVMM30"], "without its leading zero");
    assert_eq!(skus(Some("4006381333931"), None), [""; 0], "somebody else's");
}

#[test]
fn a_code_and_a_name_that_agree_support_each_other() {
    let name = suggested(None, Some("Marbel Market 100"))[0].1;
    let both = suggested(Some("AV MM 100"), Some("Marbel Market 100"))[0].1;
    assert!(name < both && both < 1.0, "{name} {both}");
}

#[test]
fn a_thousand_names_find_their_products_among_ten_thousand() {
    let syllables =
        ["ba", "ce", "di", "fo", "gu", "ha", "ke", "li", "mo", "nu", "pa", "re", "si", "to", "vu"];
    let word = |n: usize| [n % 15, n / 15 % 15, n / 225 % 15].map(|part| syllables[part]).concat();
    let products = (0..10_000).map(|n: usize| {
        let name = format!("{} {} {} ml", word(n), word(n * 7 + 3), [10, 30, 100][n % 3]);
        product(&format!("{n:013}"), &format!("SKU{n}"), &name, ProductKind::Regular, "")
    });
    let data = ReferenceData { products: products.collect(), ..ReferenceData::default() };
    let likenesses = Likenesses::new(&data);
    let found = (0..1_000).filter(|n| {
        let name = format!("Aveline {}x {} {} ml", word(n * 9), word(n * 63 + 3), [10, 30, 100][n * 9 % 3]);
        let printed = Unmatched { vendor: "liberty", codes: &[], name: Some(&name) };
        likenesses.suggest(&printed).iter().any(|suggestion| suggestion.ean == format!("{:013}", n * 9))
    });
    assert_eq!(found.count(), 1_000);
}

#[test]
fn spellings_of_one_store_are_alike_and_other_stores_are_not() {
    for (a, b) in [
        ("Łódź", "Lodz"),
        ("Brama SOP", "Brama Sopot"),
        ("www", "online"),
        ("E-Shop", "Internet"),
        ("Galeria Wisla Pn (WAW)", "Galeria Wisła Pn WAW"),
        ("Flagship Store", "FLAGSHIP"),
    ] {
        assert!(like_stores(a, b).is_some(), "{a} / {b}");
        assert_eq!(like_stores(a, b), like_stores(b, a), "{a} / {b}");
    }
    for (a, b) in
        [("Store 1", "Store 2"), ("Paris 6", "Paris 16"), ("Online", "Flagship"), ("Warszawa", "Wrocław")]
    {
        assert_eq!(like_stores(a, b), None, "{a} / {b}");
    }
}
