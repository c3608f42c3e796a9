use super::*;
use crate::{ListPrice, Product, ReferenceData};

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

fn line(quantity: i64, amount: Option<i64>) -> Line<'static> {
    Line {
        ean: Some(EAN),
        kind: ProductKind::Regular,
        quantity: Some(quantity.into()),
        amount: amount.map(Decimal::from),
        derived: None,
        currency: Currency::EUR,
        period: Period::month(2026, 4).unwrap(),
    }
}

fn class(kind: ProductKind, quantity: i64, amount: i64) -> LineClass {
    let reference = reference(kind);
    let kind = reference.kind(Some(EAN), None);
    reference.conclude(&Line { kind, ..line(quantity, Some(amount)) }).line_class
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
        let reference = Reference::default();
        let kind = reference.kind(None, Some(name));
        reference.conclude(&Line { ean: None, kind, ..line(1, Some(0)) }).line_class
    };
    assert_eq!(named("Tester Rose EDP"), LineClass::Tester);
    assert_eq!(named("Rose EDP 2 ml"), LineClass::Sample);
    assert_eq!(named("Rose EDP 12 ml"), LineClass::Gift);
}

#[test]
fn units_without_value_are_valued_by_the_list_price_of_the_periods_last_day() {
    let line = Line { derived: Some(Derived::Amount), kind: ProductKind::Sample, ..line(3, None) };
    let sums = reference(ProductKind::Sample).conclude(&line);
    assert_eq!((sums.amount_local, sums.amount_eur), (Some(36.into()), Some(36.into())));
    assert_eq!(sums.line_class, LineClass::Sale, "a derived value says nothing about what was paid");

    let zloty = Line { derived: Some(Derived::Euro), currency: "PLN".parse().unwrap(), ..line };
    let value = reference(ProductKind::Regular).conclude(&zloty);
    assert_eq!((value.amount_local, value.amount_eur, value.rate), (None, Some(36.into()), None));

    let unknown = Reference::default().conclude(&line);
    assert_eq!((unknown.amount_local, unknown.amount_eur, unknown.rate), (None, None, None));
}
