use domain::{ListPrice, Product, ReferenceData};

use super::*;

const EAN: &str = "4006381333931";

fn reference(kind: ProductKind) -> Reference {
    let product = Product {
        ean: EAN.to_owned(),
        sku: None,
        name: None,
        category: None,
        kind,
        size: None,
        active: true,
    };
    let day = |year| NaiveDate::from_ymd_opt(year, 1, 1);
    let price = |price: i64, from, to| ListPrice {
        ean: EAN.to_owned(),
        price_eur: price.into(),
        valid_from: day(from).unwrap(),
        valid_to: day(to),
    };
    let prices = vec![price(6, 2020, 2025), price(12, 2026, 2030)];
    Reference::new(&ReferenceData { products: vec![product], prices, ..ReferenceData::default() })
}

fn class(kind: ProductKind, quantity: i64, amount: i64) -> LineClass {
    let (quantity, amount) = (Some(Decimal::from(quantity)), Some(Decimal::from(amount)));
    let day = NaiveDate::from_ymd_opt(2026, 4, 30).unwrap();
    let line = Line { ean: Some(EAN), name: None, quantity, amount, amount_eur: amount, day };
    classify(&line, &reference(kind))
}

#[test]
fn the_first_rule_that_fits_decides() {
    assert_eq!(class(ProductKind::Tester, -1, -5), LineClass::Return);
    assert_eq!(class(ProductKind::Regular, 0, -5), LineClass::Return);
    assert_eq!(class(ProductKind::Tester, 1, 0), LineClass::Tester);
    assert_eq!(class(ProductKind::Sample, 2, 12), LineClass::Sample);
    assert_eq!(class(ProductKind::Sample, 2, 13), LineClass::Sale);
    assert_eq!(class(ProductKind::Advent, 100, 0), LineClass::Sample);
    assert_eq!(class(ProductKind::Regular, 1, 0), LineClass::Gift);
    assert_eq!(class(ProductKind::Regular, 0, 5), LineClass::Sale);
}

#[test]
fn articles_that_no_catalogue_knows_tell_their_kind_by_name() {
    let named = |name| {
        let day = NaiveDate::from_ymd_opt(2026, 4, 30).unwrap();
        let line = Line {
            ean: None,
            name: Some(name),
            quantity: Some(Decimal::ONE),
            amount: Some(Decimal::ZERO),
            amount_eur: None,
            day,
        };
        classify(&line, &Reference::default())
    };
    assert_eq!(named("Tester Rose EDP"), LineClass::Tester);
    assert_eq!(named("Rose EDP 2 ml"), LineClass::Sample);
    assert_eq!(named("Rose EDP 12 ml"), LineClass::Gift);
}
