//! Products, aliases, prices and rates.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use data::{
    catalogue::ImportCounts,
    fx_rates, product_prices,
    products::{self, CatalogueProduct},
    reference,
};
use domain::{ListPrice, Product, ProductKind, Rate};
use rust_decimal::Decimal;
use testkit::TestDatabase;

fn product(ean: &str, name: &str, aliases: &[(&str, &str)]) -> CatalogueProduct {
    CatalogueProduct {
        product: Product {
            ean: ean.into(),
            sku: None,
            name: Some(name.into()),
            category: Some("candle".into()),
            kind: ProductKind::Regular,
            size: None,
            active: true,
        },
        list_price_eur: Some(Decimal::new(8300, 2)),
        aliases: aliases.iter().map(|(vendor, alias)| ((*vendor).into(), (*alias).into())).collect(),
    }
}

fn counts(created: usize, updated: usize, unchanged: usize) -> ImportCounts {
    ImportCounts { created, updated, unchanged }
}

#[tokio::test]
async fn a_catalogue_states_its_products_and_their_aliases() {
    let database = TestDatabase::new().await;
    let (seeded, rival) = (database.seed("aveline").await, database.seed("rival").await);
    let mut tenant = database.app().system(seeded.org).await.unwrap();
    let vendors = ["liberty".to_owned(), "galilu".to_owned()];
    let (one, two) = ("9529843000349", "9529843000356");
    let first = [
        product(one, "One", &[("liberty", "L1"), ("liberty", "S1"), ("galilu", "G1")]),
        product(two, "Two", &[("liberty", "L2")]),
    ];
    assert_eq!(products::import(&mut tenant, &first, &vendors, seeded.owner).await.unwrap(), counts(2, 0, 0));
    assert_eq!(products::import(&mut tenant, &first, &vendors, seeded.owner).await.unwrap(), counts(0, 0, 2));

    // S1 goes away, L2 moves from Two to One; a catalogue without galilu's column says nothing about G1.
    let second = [product(one, "One", &[("liberty", "L1"), ("liberty", "L2")])];
    assert_eq!(
        products::import(&mut tenant, &second, &vendors[..1], seeded.owner).await.unwrap(),
        counts(0, 1, 0)
    );
    let third = [product(two, "Zwei", &[])];
    assert_eq!(
        products::import(&mut tenant, &third, &vendors[..1], seeded.owner).await.unwrap(),
        counts(0, 1, 0)
    );

    let known = reference::load(&mut tenant).await.unwrap();
    let aliases: BTreeSet<_> = known
        .aliases
        .iter()
        .map(|a| (a.vendor.as_str(), a.alias.as_str(), a.ean.as_deref().unwrap()))
        .collect();
    let expected = [("galilu", "G1", one), ("liberty", "L1", one), ("liberty", "L2", one)];
    assert_eq!(aliases, BTreeSet::from(expected));
    assert_eq!(known.products[1], third[0].product);
    tenant.commit().await.unwrap();

    let mut tenant = database.app().system(rival.org).await.unwrap();
    assert!(reference::load(&mut tenant).await.unwrap().products.is_empty());
}

#[tokio::test]
async fn prices_and_rates_are_known_by_their_keys() {
    let database = TestDatabase::new().await;
    let seeded = database.seed("aveline").await;
    let mut tenant = database.app().system(seeded.org).await.unwrap();
    let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
    let price = |cents, valid_from, valid_to| ListPrice {
        ean: "9529843000349".into(),
        price_eur: Decimal::new(cents, 2),
        valid_from,
        valid_to,
    };
    let prices = [price(5600, day(2023, 1, 1), Some(day(2024, 12, 31))), price(5900, day(2025, 1, 1), None)];
    assert_eq!(product_prices::import(&mut tenant, &prices).await.unwrap(), counts(2, 0, 0));
    let changed = [prices[0].clone(), price(6100, day(2025, 1, 1), None)];
    assert_eq!(product_prices::import(&mut tenant, &changed).await.unwrap(), counts(0, 1, 1));
    assert_eq!(product_prices::of_products(&mut tenant, &["9529843000349"]).await.unwrap(), changed);

    let rate = |micros| Rate {
        month: day(2026, 1, 1),
        currency: "GBP".parse().unwrap(),
        eur_per_unit: Decimal::new(micros, 6),
        source: "ecb".into(),
    };
    assert_eq!(fx_rates::import(&mut tenant, &[rate(1_145_198)]).await.unwrap(), counts(1, 0, 0));
    assert_eq!(fx_rates::import(&mut tenant, &[rate(1_145_198)]).await.unwrap(), counts(0, 0, 1));
    assert_eq!(fx_rates::import(&mut tenant, &[rate(1_150_000)]).await.unwrap(), counts(0, 1, 0));
    assert_eq!(reference::load(&mut tenant).await.unwrap().rates, [rate(1_150_000)]);
}
