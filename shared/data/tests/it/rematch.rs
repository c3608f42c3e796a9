//! Whatever is decided about products, prices and rates, in whatever order with uploads, replays and undos: booked rows
//! are what the same files would give today.

use std::collections::BTreeMap;

use data::{
    Tenant, catalogue, fx_rates,
    product_aliases::{self, Confirmed, Withdrawn},
    product_prices,
    products::{self, CatalogueProduct},
    reference,
    stores::{self, Details, Store},
};
use domain::{
    Currency, Derived, DocumentKind, Line, ListPrice, Period, PrintedProduct, Product, ProductKind, Rate,
    Reference, Report, SaleRow, SourceCell, StoreKind, UploadId, fold,
};
use proptest::{
    prelude::*,
    test_runner::{Config, TestCaseError, TestRunner},
};
use rust_decimal::Decimal;
use testkit::TestDatabase;
use uuid::Uuid;

use crate::books::{Books, day, document, line, month, row, sold};

const CASES: u32 = 30;

/// A candle, a tester and a 2 ml sample.
const PRODUCTS: [(&str, ProductKind); 3] = [
    ("9529843000349", ProductKind::Regular),
    ("9529843000356", ProductKind::Tester),
    ("9529843000363", ProductKind::Sample),
];
/// Two spellings of one key, and another.
const SPELLINGS: [&str; 3] = ["Brama SOP", "brama  sop", "Lodz"];
const STORES: [&str; 2] = ["Brama Sopot", "Lodz"];
const WORDS: [&str; 3] = ["Rose  Noire", "rose noire", "K-17 Total"];

/// What a file prints in a row.
#[derive(Debug, Clone)]
struct Printed {
    month: u32,
    word: usize,
    as_code: bool,
    ean: bool,
    store: usize,
    quantity: i64,
    amount: i64,
    derived: Option<Derived>,
    currency: &'static str,
}

#[derive(Debug, Clone)]
enum Step {
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

fn any_printed() -> impl Strategy<Value = Printed> {
    let derived =
        prop_oneof![3 => Just(None), 1 => Just(Some(Derived::Amount)), 1 => Just(Some(Derived::Euro))];
    let figures = (-1..3i64, 0..4i64, derived, prop::sample::select(vec!["EUR", "GBP"]));
    (1..3u32, 0..3usize, any::<bool>(), prop::bool::weighted(0.1), 0..3usize, figures).prop_map(
        |(month, word, as_code, ean, store, (quantity, amount, derived, currency))| {
            // The sender's own sums are made of list prices in euro only.
            let currency = if derived == Some(Derived::Amount) { "EUR" } else { currency };
            Printed { month, word, as_code, ean, store, quantity, amount, derived, currency }
        },
    )
}

fn any_step() -> impl Strategy<Value = Step> {
    let send = (any::<bool>(), 0..3i64, prop::collection::vec(any_printed(), 1..5));
    let product = prop_oneof![1 => Just(None), 5 => (0..3usize).prop_map(Some)];
    prop_oneof![
        5 => send.prop_map(|(order_lines, on, rows)| Step::Send { order_lines, on, rows }),
        1 => (0..4usize).prop_map(|of| Step::Replay { of }),
        1 => (0..4usize).prop_map(|of| Step::Undo { of }),
        3 => (0..3usize, product).prop_map(|(word, product)| Step::Confirm { word, product }),
        2 => (0..4usize).prop_map(|nth| Step::Withdraw { nth }),
        1 => (0..3usize, 0..3usize).prop_map(|(word, product)| Step::Import { word, product }),
        1 => (0..3usize, 1..9i64).prop_map(|(product, price)| Step::Price { product, price }),
        1 => (1..3u32, 1..4i64).prop_map(|(month, rate)| Step::Rate { month, rate }),
        2 => (0..3usize, 0..2usize).prop_map(|(spelling, store)| Step::Store { spelling, store }),
        1 => (0..3usize).prop_map(|nth| Step::WithdrawSpelling { nth }),
    ]
}

/// The part of the ingest that these tests are about.
fn read(vendor: &str, printed: &Printed, number: usize, reference: &Reference) -> SaleRow {
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
        name: name.as_deref(),
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

struct Said {
    id: UploadId,
    order_lines: bool,
    rows: Vec<usize>,
}

struct World<'a> {
    books: Books<'a>,
    printed: Vec<Printed>,
    said: Vec<Said>,
    aliases: Vec<Uuid>,
    spellings: Vec<Uuid>,
}

impl World<'_> {
    async fn reference(&self) -> Reference {
        Reference::new(&reference::load(&mut self.books.tenant().await).await.unwrap())
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

    async fn change<T>(&self, decide: impl AsyncFnOnce(&mut Tenant) -> T) -> T {
        let mut tenant = self.books.tenant().await;
        catalogue::lock(&mut tenant).await.unwrap();
        let decided = decide(&mut tenant).await;
        tenant.commit().await.unwrap();
        decided
    }

    async fn play(&mut self, step: Step) {
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
            Step::Store { spelling, store } => {
                let spellings = [SPELLINGS[spelling].to_owned()];
                let details = Details { kind: Some(Some(StoreKind::Physical)), ..Details::default() };
                let (store, _) = self
                    .change(async |tenant| {
                        stores::confirm(tenant, "liberty", STORES[store], &spellings, &details, owner)
                            .await
                            .unwrap()
                    })
                    .await;
                self.spellings.extend(store.spellings.iter().map(|spelling| spelling.id));
            }
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

    async fn import(&self, word: Option<usize>, product: usize) {
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

    async fn check(&self) -> Result<(), TestCaseError> {
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
        let known = stores::list(&mut self.books.tenant().await, None, 10, None).await.unwrap();
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
                 SELECT upload_id, reading, period_start, currency, amount_local, amount_eur FROM sellout_entries
                 UNION ALL
                 SELECT upload_id, reading, period_start, currency, amount_local, amount_eur FROM ecommerce_orders
             ),
             sums AS (
                 SELECT upload_id, reading, period_start, currency, sum(amount_local) AS amount_local,
                     CASE WHEN NOT bool_or(amount_local IS NOT NULL AND amount_eur IS NULL) THEN sum(amount_eur) END
                         AS amount_eur
                 FROM rows GROUP BY 1, 2, 3, 4
             )
             SELECT count(*) FROM reporting_periods p
             LEFT JOIN sums s ON s.upload_id = p.rows_upload_id AND s.reading = p.rows_reading
                 AND s.period_start = p.period_start AND s.currency = p.currency
             WHERE p.org_id = $1
                 AND (p.amount_local, p.amount_eur) IS DISTINCT FROM (s.amount_local, s.amount_eur)",
        )
        .bind(self.books.org().0)
        .fetch_one(self.books.database.admin())
        .await
        .unwrap()
    }
}

fn vendor(order_lines: bool) -> &'static str {
    // Both vendors are asked about by the same words: an alias of one is none of the other.
    if order_lines { "online" } else { "liberty" }
}

async fn play(database: &TestDatabase, steps: Vec<Step>) -> Result<(), TestCaseError> {
    let slug = format!("org-{}", UploadId::new().0.simple());
    let books = Books::new(database, &slug).await;
    let mut world =
        World { books, printed: Vec::new(), said: Vec::new(), aliases: Vec::new(), spellings: Vec::new() };
    for product in 0..PRODUCTS.len() {
        world.import(None, product).await;
    }
    for step in steps {
        world.play(step).await;
        world.check().await?;
    }
    Ok(())
}

#[test]
fn booked_rows_are_always_what_their_files_would_give_today() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let database = runtime.block_on(TestDatabase::new());
    let mut runner = TestRunner::new(Config {
        cases: CASES,
        max_shrink_iters: 200,
        failure_persistence: None,
        ..Config::default()
    });
    runner
        .run(&prop::collection::vec(any_step(), 1..10), |steps| runtime.block_on(play(&database, steps)))
        .unwrap();
}

#[tokio::test]
async fn a_confirmed_alias_fixes_waiting_rows_of_all_uploads_and_its_withdrawal_brings_them_back() {
    let database = TestDatabase::new().await;
    let mut world = World {
        books: Books::new(&database, "aveline").await,
        printed: Vec::new(),
        said: Vec::new(),
        aliases: Vec::new(),
        spellings: Vec::new(),
    };
    world.import(None, 1).await;
    let printed = |month| Printed {
        month,
        word: 0,
        as_code: false,
        ean: false,
        store: 0,
        quantity: 2,
        amount: 3,
        derived: None,
        currency: "EUR",
    };
    for on in 0..2 {
        // The second file restates the first one: its rows wait in the history.
        let rows = vec![printed(1), printed(2 - u32::try_from(on).unwrap())];
        world.play(Step::Send { order_lines: false, on, rows }).await;
    }
    let waiting = world.classes().await;
    assert_eq!(waiting, [("sale".to_owned(), None, 4)]);

    world.play(Step::Confirm { word: 1, product: Some(1) }).await;
    assert_eq!(world.classes().await, [("tester".to_owned(), Some(PRODUCTS[1].0.to_owned()), 4)]);
    let owner = world.books.seeded.owner;
    let again = product_aliases::confirm(
        &mut world.books.tenant().await,
        "liberty",
        "ROSE NOIRE",
        Some(PRODUCTS[1].0),
        owner,
    )
    .await
    .unwrap();
    assert!(matches!(again, Confirmed::Known(alias) if alias.rows_changed == 4));

    let withdrawn = world
        .change(async |tenant| product_aliases::withdraw(tenant, world.aliases[0], owner).await.unwrap())
        .await;
    assert!(matches!(withdrawn, Withdrawn::Done(alias) if alias.rows_returned == Some(4)));
    assert_eq!(world.classes().await, waiting);
    let history = product_aliases::Filter { history: true, ..product_aliases::Filter::default() };
    let mut tenant = world.books.tenant().await;
    assert_eq!(product_aliases::list(&mut tenant, &history, 10, None).await.unwrap().len(), 1);
    assert_eq!(
        product_aliases::list(&mut tenant, &product_aliases::Filter::default(), 10, None).await.unwrap(),
        []
    );
    let unknown =
        product_aliases::confirm(&mut tenant, "liberty", "x", Some("4006381333931"), owner).await.unwrap();
    assert_eq!(unknown, Confirmed::UnknownProduct);
}

impl World<'_> {
    async fn classes(&self) -> Vec<(String, Option<String>, i64)> {
        sqlx::query_as(
            "SELECT line_class, product_ean, count(*) FROM sellout_entries WHERE org_id = $1 GROUP BY 1, 2 ORDER BY 1, 2",
        )
        .bind(self.books.org().0)
        .fetch_all(self.books.database.admin())
        .await
        .unwrap()
    }
}
