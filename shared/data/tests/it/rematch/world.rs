//! Files, decisions and what they come to.

use std::collections::BTreeMap;

use data::{
    Tenant, catalogue, fx_rates,
    product_aliases::{self, Confirmed},
    product_prices,
    products::{self, CatalogueProduct},
    reference,
    stores::{self, Details, Store},
};
use domain::{
    Currency, Derived, DocumentKind, Line, ListPrice, Period, PrintedProduct, Product, ProductKind, Rate,
    Reference, Report, SaleRow, SourceCell, StoreKind, UploadId, fold,
};
use proptest::{prop_assert_eq, test_runner::TestCaseError};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::books::{Books, day, document, line, month, row, sold};

/// A candle, a tester and a 2 ml sample.
pub(super) const PRODUCTS: [(&str, ProductKind); 3] = [
    ("9529843000349", ProductKind::Regular),
    ("9529843000356", ProductKind::Tester),
    ("9529843000363", ProductKind::Sample),
];
/// Two spellings of one key, and another.
pub(super) const SPELLINGS: [&str; 3] = ["Brama SOP", "brama  sop", "Lodz"];
pub(super) const STORES: [&str; 2] = ["Brama Sopot", "Lodz"];
pub(super) const WORDS: [&str; 3] = ["Rose  Noire", "rose noire", "K-17 Total"];

/// What a file prints in a row.
#[derive(Debug, Clone)]
pub(super) struct Printed {
    pub(super) month: u32,
    pub(super) word: usize,
    pub(super) as_code: bool,
    pub(super) ean: bool,
    pub(super) store: usize,
    pub(super) quantity: i64,
    pub(super) amount: i64,
    pub(super) derived: Option<Derived>,
    pub(super) currency: &'static str,
}

#[derive(Debug, Clone)]
pub(super) enum Step {
    Send { order_lines: bool, on: i64, rows: Vec<Printed> },
    Replay { of: usize },
    Undo { of: usize },
    Confirm { word: usize, product: Option<usize> },
    Withdraw { nth: usize },
    Import { word: usize, product: usize },
    Price { product: usize, price: i64 },
    Rate { month: u32, rate: i64 },
    Store { spelling: usize, store: usize },
    WithdrawSpelling { nth: usize },
}

/// The part of the ingest that these tests are about.
pub(super) fn read(vendor: &str, printed: &Printed, number: usize, reference: &Reference) -> SaleRow {
    let word = WORDS[printed.word].to_owned();
    let (codes, name) = if printed.as_code { (vec![word], None) } else { (Vec::new(), Some(word)) };
    let ean = printed.ean.then(|| PRODUCTS[printed.word].0.to_owned());
    let found = reference
        .match_product(vendor, &PrintedProduct { ean: ean.as_deref(), codes: &codes, name: name.as_deref() });
    let (product_ean, product_match) = match found {
        Some(found) => (found.ean, Some(found.by)),
        None => (None, None),
    };
    let currency: Currency = printed.currency.parse().unwrap();
    let period: Period = month(printed.month);
    let stated = Some(Decimal::from(printed.amount)).filter(|_| printed.derived.is_none());
    let concluded = reference.conclude(&Line {
        ean: product_ean.as_deref(),
        kind: reference.kind(product_ean.as_deref(), name.as_deref()),
        quantity: Some(printed.quantity.into()),
        amount: stated,
        derived: printed.derived,
        currency,
        period,
    });
    SaleRow {
        period,
        store: Some(SPELLINGS[printed.store].to_owned()),
        product_ean,
        product_match,
        printed_ean: ean,
        vendor_product_code: codes.first().cloned(),
        product_codes: codes,
        product_name: name,
        quantity: Some(printed.quantity.into()),
        amount_local: concluded.amount_local,
        amount_eur: concluded.amount_eur,
        rate: concluded.rate,
        line_class: concluded.line_class,
        derived: printed.derived,
        currency,
        source: SourceCell { sheet: None, row: u32::try_from(number).unwrap(), column: None },
        ..row(&sold(printed.month, "", printed.quantity))
    }
}

pub(super) struct Said {
    pub(super) id: UploadId,
    pub(super) order_lines: bool,
    pub(super) rows: Vec<usize>,
}

pub(super) struct World<'a> {
    pub(super) books: Books<'a>,
    pub(super) printed: Vec<Printed>,
    pub(super) said: Vec<Said>,
    pub(super) aliases: Vec<Uuid>,
    pub(super) spellings: Vec<Uuid>,
}

impl World<'_> {
    async fn reference(&self) -> Reference {
        Reference::new(&reference::load(&mut self.books.system().await).await.unwrap())
    }

    async fn statement(&self, said: &Said) -> (Report, Vec<SaleRow>) {
        let reference = self.reference().await;
        let vendor = vendor(said.order_lines);
        let kind = if said.order_lines { DocumentKind::Increment } else { DocumentKind::Snapshot };
        let rows = said.rows.iter().map(|number| {
            let read = read(vendor, &self.printed[*number], *number, &reference);
            if said.order_lines {
                // The same line in every export.
                let key = format!("line {}", self.printed[*number].word);
                SaleRow { order: line(&sold(1, &key, 1)).order, ..read }
            } else {
                read
            }
        });
        (document(vendor, kind, &[month(1), month(2)]), rows.collect())
    }

    pub(super) async fn change<T>(&self, decide: impl AsyncFnOnce(&mut Tenant) -> T) -> T {
        let mut tenant = self.books.system().await;
        catalogue::lock(&mut tenant).await.unwrap();
        let decided = decide(&mut tenant).await;
        tenant.commit().await.unwrap();
        decided
    }

    pub(super) async fn play(&mut self, step: Step) {
        let owner = self.books.seeded.owner;
        match step {
            Step::Send { order_lines, on, rows } => {
                let first = self.printed.len();
                self.printed.extend(rows);
                let rows = (first..self.printed.len()).collect();
                let mut said = Said { id: UploadId::new(), order_lines, rows };
                let (report, rows) = self.statement(&said).await;
                said.id = self.books.send(day(on), report, rows).await;
                self.said.push(said);
            }
            Step::Replay { of } => {
                let Some(said) = self.said.get(of) else { return };
                let statement = self.statement(said).await;
                self.books.replay(said.id, statement).await;
            }
            Step::Undo { of } => {
                let Some(said) = self.said.get(of) else { return };
                self.books.undo(said.id).await;
            }
            Step::Confirm { word, product } => {
                let ean = product.map(|product| PRODUCTS[product].0);
                let confirmed = self
                    .change(async |tenant| {
                        product_aliases::confirm(tenant, "liberty", WORDS[word], ean, owner).await.unwrap()
                    })
                    .await;
                if let Confirmed::New(alias) = confirmed {
                    self.aliases.push(alias.id);
                }
            }
            Step::Withdraw { nth } => {
                let Some(id) = self.aliases.get(nth).copied() else { return };
                self.change(async |tenant| product_aliases::withdraw(tenant, id, owner).await.unwrap()).await;
            }
            Step::Store { spelling, store } => self.confirm_store(spelling, store).await,
            Step::WithdrawSpelling { nth } => {
                let Some(id) = self.spellings.get(nth).copied() else { return };
                self.change(async |tenant| stores::withdraw(tenant, id, owner).await.unwrap()).await;
            }
            Step::Import { word, product } => self.import(Some(word), product).await,
            Step::Price { product, price } => {
                let price = ListPrice {
                    ean: PRODUCTS[product].0.to_owned(),
                    price_eur: price.into(),
                    valid_from: month(1).start(),
                    valid_to: None,
                };
                self.change(async |tenant| product_prices::import(tenant, &[price]).await.unwrap()).await;
            }
            Step::Rate { month: of, rate } => {
                let rate = Rate {
                    month: month(of).start(),
                    currency: "GBP".parse().unwrap(),
                    eur_per_unit: Decimal::new(rate, 1),
                    source: "test".to_owned(),
                };
                self.change(async |tenant| fx_rates::import(tenant, &[rate]).await.unwrap()).await;
            }
        }
    }

    async fn confirm_store(&mut self, spelling: usize, store: usize) {
        let owner = self.books.seeded.owner;
        let spellings = [SPELLINGS[spelling].to_owned()];
        let details = Details { kind: Some(Some(StoreKind::Physical)), ..Details::default() };
        let (store, _) = self
            .change(async |tenant| {
                stores::confirm(tenant, "liberty", STORES[store], &spellings, &details, owner).await.unwrap()
            })
            .await;
        self.spellings.extend(store.spellings.iter().map(|spelling| spelling.id));
    }

    pub(super) async fn import(&self, word: Option<usize>, product: usize) {
        let (ean, kind) = PRODUCTS[product];
        let entry = CatalogueProduct {
            product: Product {
                ean: ean.to_owned(),
                sku: None,
                name: None,
                category: None,
                kind,
                size: None,
                active: true,
            },
            list_price_eur: None,
            aliases: word.iter().map(|word| ("liberty".to_owned(), WORDS[*word].to_owned())).collect(),
        };
        let vendors = ["liberty".to_owned()];
        let owner = self.books.seeded.owner;
        self.change(async |tenant| products::import(tenant, &[entry], &vendors, owner).await.unwrap()).await;
    }

    pub(super) async fn check(&self) -> Result<(), TestCaseError> {
        type Stored = (String, i32, Option<String>, Option<String>, String, Option<Decimal>, Option<Decimal>);
        let reference = self.reference().await;
        let stored: Vec<Stored> = sqlx::query_as(
            "SELECT vendor, source_row, product_ean, product_match, line_class, amount_local, amount_eur
             FROM sellout_entries WHERE org_id = $1
             UNION ALL
             SELECT vendor, source_row, product_ean, product_match, line_class, amount_local, amount_eur
             FROM ecommerce_orders WHERE org_id = $1",
        )
        .bind(self.books.org().0)
        .fetch_all(self.books.database.admin())
        .await
        .unwrap();
        for (vendor, number, ean, matched, class, local, euro) in stored {
            let number = usize::try_from(number).unwrap();
            let today = read(&vendor, &self.printed[number], number, &reference);
            prop_assert_eq!(ean, today.product_ean, "{:?}", self.printed[number]);
            prop_assert_eq!(matched.as_deref(), today.product_match.map(|by| by.as_str()));
            prop_assert_eq!(class.as_str(), today.line_class.as_str(), "{:?}", self.printed[number]);
            prop_assert_eq!((local, euro), (today.amount_local, today.amount_eur));
        }
        let shown: Vec<(String, String, String)> = sqlx::query_as(
            "SELECT vendor, store_printed, store FROM sales WHERE org_id = $1 GROUP BY 1, 2, 3",
        )
        .bind(self.books.org().0)
        .fetch_all(self.books.database.admin())
        .await
        .unwrap();
        let known = stores::list(&mut self.books.system().await, None, 10, None).await.unwrap();
        for (vendor, printed, store) in shown {
            let is = |known: &&Store| {
                known.vendor == vendor
                    && known.spellings.iter().any(|spelling| fold(&spelling.spelling) == fold(&printed))
            };
            let expected = known.iter().find(is).map_or(&printed, |known| &known.name);
            prop_assert_eq!(&store, expected, "{}", printed);
        }
        prop_assert_eq!(self.books.rollup_differences().await, 0);
        prop_assert_eq!(self.untrue_statements().await, 0);
        for said in &self.said {
            let upload = self.books.upload(said.id).await;
            let reported: BTreeMap<_, _> =
                upload.totals.iter().map(|total| (total.currency.to_string(), total.amount_eur)).collect();
            let counted: Vec<(String, Option<Decimal>)> = sqlx::query_as(
                "SELECT currency, CASE WHEN NOT bool_or(amount_local IS NOT NULL AND amount_eur IS NULL)
                     THEN sum(amount_eur) END
                 FROM reporting_periods WHERE upload_id = $1 GROUP BY currency",
            )
            .bind(said.id.0)
            .fetch_all(self.books.database.admin())
            .await
            .unwrap();
            prop_assert_eq!(reported, counted.into_iter().collect());
        }
        Ok(())
    }

    /// Statements whose sums are not those of their rows.
    async fn untrue_statements(&self) -> i64 {
        sqlx::query_scalar(
            "WITH rows AS (
                 SELECT said.upload_id, period_start, currency, e.amount_local, e.amount_eur
                 FROM reporting_periods said
                 JOIN sellout_entries e USING (org_id, vendor, cut, period_start, period_end, currency)
                 WHERE said.version >= e.since_version
                     AND (e.until_version IS NULL OR said.version < e.until_version)
                 UNION ALL
                 SELECT upload_id, period_start, currency, amount_local, amount_eur
                 FROM ecommerce_orders JOIN uploads u USING (org_id, reading) WHERE u.id = upload_id
             ),
             sums AS (
                 SELECT upload_id, period_start, currency, sum(amount_local) AS amount_local,
                     CASE WHEN NOT bool_or(amount_local IS NOT NULL AND amount_eur IS NULL) THEN sum(amount_eur) END
                         AS amount_eur
                 FROM rows GROUP BY 1, 2, 3
             )
             SELECT count(*) FROM reporting_periods p
             LEFT JOIN sums s ON s.upload_id = p.upload_id AND s.period_start = p.period_start
                 AND s.currency = p.currency
             WHERE p.org_id = $1
                 AND (p.amount_local, p.amount_eur) IS DISTINCT FROM (s.amount_local, s.amount_eur)",
        )
        .bind(self.books.org().0)
        .fetch_one(self.books.database.admin())
        .await
        .unwrap()
    }
}

pub(super) fn vendor(order_lines: bool) -> &'static str {
    // Both vendors are asked about by the same words: an alias of one is none of the other.
    if order_lines { "online" } else { "liberty" }
}

impl World<'_> {
    pub(super) async fn classes(&self) -> Vec<(String, Option<String>, i64)> {
        sqlx::query_as(
            "SELECT line_class, product_ean, count(*) FROM sellout_entries WHERE org_id = $1 GROUP BY 1, 2 ORDER BY 1, 2",
        )
        .bind(self.books.org().0)
        .fetch_all(self.books.database.admin())
        .await
        .unwrap()
    }
}
