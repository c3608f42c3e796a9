use proptest::prelude::*;
use rust_decimal::Decimal;

use super::*;

fn sold() -> Sums {
    Sums {
        records: 4,
        euro: 300.into(),
        with_euro: 3,
        quantity: 5.into(),
        with_quantity: 4,
        ..Sums::default()
    }
}

#[test]
fn every_word_of_the_layer_is_read_back_and_has_a_meaning() {
    for metric in Metric::ALL {
        let definition = metric.definition();
        assert_eq!(definition.key.parse::<Metric>(), Ok(metric));
        assert_eq!(serde_json::to_value(metric).unwrap(), definition.key);
        assert!(definition.meaning.ends_with('.') && !definition.title.is_empty(), "{metric:?}");
    }
    for dimension in Dimension::ALL {
        assert_eq!(dimension.as_str().parse::<Dimension>(), Ok(dimension));
        assert_eq!(serde_json::to_value(dimension).unwrap(), dimension.as_str());
        assert!(dimension.meaning().ends_with('.'), "{dimension:?}");
    }
}

#[test]
fn without_any_rows_sums_are_zero_and_nothing_is_divided() {
    let nothing = Sums::default();
    assert_eq!(Metric::RevenueEur.value(&nothing), Value::Known(Decimal::ZERO));
    assert_eq!(Metric::Orders.value(&nothing), Value::Known(Decimal::ZERO));
    assert_eq!(Metric::AveragePriceEur.value(&nothing), Value::Unknown(Why::DividedByZero));
}

#[test]
fn what_nobody_reports_is_said_and_not_counted_as_zero() {
    assert_eq!(Metric::Orders.value(&sold()), Value::Unknown(Why::NotReported));
    assert_eq!(Metric::CostEur.value(&sold()), Value::Unknown(Why::NotReported));
    assert_eq!(Metric::SellThrough.value(&sold()), Value::Unknown(Why::NoStock));
    let pieces_only = Sums { with_euro: 0, euro: Decimal::ZERO, ..sold() };
    assert_eq!(Metric::RevenueEur.value(&pieces_only), Value::Unknown(Why::NotReported));
    assert_eq!(Metric::AveragePriceEur.value(&pieces_only), Value::Unknown(Why::NotReported));
    assert_eq!(Metric::Units.value(&pieces_only), Value::Known(5.into()));
}

#[test]
fn what_no_rate_converts_is_said_and_no_mean_is_made_of_the_rest() {
    let foreign = Sums { with_euro: 0, euro: Decimal::ZERO, unconverted: 4, ..sold() };
    assert_eq!(Metric::RevenueEur.value(&foreign), Value::Unknown(Why::FxRateMissing));
    assert_eq!(Metric::Units.value(&foreign), Value::Known(5.into()));
    let shop = Sums { order_lines: 4, orders: 2, order_euro: 300.into(), ..sold() };
    assert_eq!(Metric::AverageOrderValueEur.value(&shop), Value::Known("150.00".parse().unwrap()));
    let partly = Sums { unconverted: 1, unconverted_orders: 1, ..shop };
    assert_eq!(Metric::AverageOrderValueEur.value(&partly), Value::Unknown(Why::FxRateMissing));
    assert_eq!(Metric::RevenueEur.value(&partly), Value::Known("300.00".parse().unwrap()));
}

#[test]
fn amounts_in_several_currencies_have_no_sum() {
    let mixed = Sums { local: 10.into(), with_local: 2, currencies: 2, ..sold() };
    assert_eq!(Metric::RevenueLocal.value(&mixed), Value::Unknown(Why::SeveralCurrencies));
    let one = Sums { currencies: 1, ..mixed };
    assert_eq!(Metric::RevenueLocal.value(&one), Value::Known("10.00".parse().unwrap()));
}

#[test]
fn a_price_is_made_of_rows_that_report_both() {
    let sums = Sums { paired_euro: 100.into(), paired_quantity: 3.into(), ..sold() };
    assert_eq!(Metric::AveragePriceEur.value(&sums).known().unwrap().to_string(), "33.33");
    let returned = Sums { euro: 90.into(), returns_euro: (-10).into(), ..sold() };
    assert_eq!(Metric::ReturnRate.value(&returned).known().unwrap().to_string(), "10.00");
}

#[test]
fn values_that_cannot_be_are_refused() {
    let one = |dimension, value: &str| Filter::new(dimension, vec![Some(value.to_owned())], false);
    assert!(one(Dimension::Channel, "pigeon").is_err());
    assert!(one(Dimension::Currency, "POUND").is_err());
    assert!(one(Dimension::Month, "2026-01-01").is_err());
    assert!(one(Dimension::Store, &"x".repeat(301)).is_err());
    assert!(one(Dimension::Store, "Müller & Söhne '; DROP TABLE sales; --").is_ok());
}

proptest! {
    #[test]
    fn every_figure_of_any_sums_is_a_number_or_has_a_reason(
        euro in -1_000_000_i64..1_000_000, quantity in -1000_i64..1000, orders in 0_i64..50, records in 0_i64..50,
    ) {
        let sums = Sums {
            records, euro: Decimal::new(euro, 2), with_euro: records, quantity: quantity.into(), with_quantity: records,
            paired_euro: Decimal::new(euro, 2), paired_quantity: quantity.into(), orders, order_lines: orders,
            order_euro: Decimal::new(euro, 2), ..Sums::default()
        };
        for metric in Metric::ALL {
            let value = metric.value(&sums);
            prop_assert!(value.known().is_some() != value.why_not().is_some());
        }
        prop_assert_eq!(Metric::RevenueEur.value(&sums), Value::Known(Decimal::new(euro, 2)));
    }
}
