//! A file, and the catalogue before it or behind it.

use data::{
    catalogue,
    products::{self, CatalogueProduct},
};
use domain::{Product, ProductKind};

use super::*;

const CATALOGUE: &str = include_str!("../../../../../shared/ingest/test_data/vendors/catalogue.csv");

/// The sample catalogue with Liberty's words; its cells hold no commas.
fn catalogue_products() -> Vec<CatalogueProduct> {
    CATALOGUE
        .lines()
        .skip(1)
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            let kind = match cells[3] {
                "tester" => ProductKind::Tester,
                "sample" => ProductKind::Sample,
                "advent" => ProductKind::Advent,
                _ => ProductKind::Regular,
            };
            let product = Product {
                ean: cells[0].to_owned(),
                sku: Some(cells[1].to_owned()),
                name: Some(cells[2].to_owned()),
                category: Some(cells[3].to_owned()),
                kind,
                size: None,
                active: true,
            };
            let words = cells[7..9].iter().filter(|word| !word.is_empty());
            let aliases = words.map(|word| ("liberty".to_owned(), (*word).to_owned())).collect();
            CatalogueProduct { product, list_price_eur: None, aliases }
        })
        .collect()
}

/// Row, product, how it was found, class.
type Row = (i32, String, Option<String>, Option<String>, String);

impl Lambda {
    async fn take(&self) -> UploadId {
        let bytes = file(LIBERTY);
        let id = self.announce(bytes.len()).await;
        self.ctx.inbox.put(&key(), bytes).await.unwrap();
        assert_eq!(self.receive("ingest-requested").await, 0);
        id
    }

    async fn import_catalogue(&self) {
        let mut tenant = self.ctx.database.system(self.seeded.org).await.unwrap();
        catalogue::lock(&mut tenant).await.unwrap();
        let vendors = ["liberty".to_owned()];
        products::import(&mut tenant, &catalogue_products(), &vendors, self.seeded.owner).await.unwrap();
        tenant.commit().await.unwrap();
    }

    async fn rows(&self) -> Vec<Row> {
        sqlx::query_as(
            "SELECT source_row, source_column, product_ean, product_match, line_class FROM sales ORDER BY 1, 2",
        )
        .fetch_all(self.database.admin())
        .await
        .unwrap()
    }
}

#[tokio::test]
async fn a_catalogue_that_comes_after_the_file_gives_what_one_before_it_gives_and_a_replay_changes_nothing() {
    let before = Lambda::new().await;
    before.import_catalogue().await;
    before.take().await;
    let expected = before.rows().await;
    assert!(expected.iter().any(|(_, _, ean, ..)| ean.is_some()), "{expected:?}");

    let after = Lambda::new().await;
    let id = after.take().await;
    let waiting = after.rows().await;
    assert!(waiting.iter().all(|(_, _, ean, by, _)| ean.is_none() && by.is_none()), "{waiting:?}");
    after.import_catalogue().await;
    assert_eq!(after.rows().await, expected);

    let first = after.only_upload().await.unwrap();
    let mut tenant = after.ctx.database.system(after.seeded.org).await.unwrap();
    assert!(uploads::replay(&mut tenant, id).await.unwrap());
    tenant.commit().await.unwrap();
    assert_eq!(after.receive("ingest-requested").await, 0);
    let replayed = after.only_upload().await.unwrap();
    assert_eq!(replayed.status, UploadStatus::Completed);
    assert_eq!(replayed.changes, first.changes, "what the upload changed when it came");
    assert_eq!(after.rows().await, expected);
}
