//! Whatever is decided about products, prices and rates, in whatever order with uploads, replays and undos: booked rows
//! are what the same files would give today.

mod world;

use data::product_aliases::{self, Confirmed, Withdrawn};
use domain::{Derived, UploadId};
use proptest::{
    prelude::*,
    test_runner::{Config, TestCaseError, TestRunner},
};
use testkit::TestDatabase;

use self::world::{PRODUCTS, Printed, Step, World};
use crate::books::Books;

const CASES: u32 = 30;

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
        // The second file restates the first one: the row that it says otherwise waits in the history, the other is shared.
        let rows = vec![printed(1), printed(2 - u32::try_from(on).unwrap())];
        world.play(Step::Send { order_lines: false, on, rows }).await;
    }
    let waiting = world.classes().await;
    assert_eq!(waiting, [("sale".to_owned(), None, 3)]);

    world.play(Step::Confirm { word: 1, product: Some(1) }).await;
    assert_eq!(world.classes().await, [("tester".to_owned(), Some(PRODUCTS[1].0.to_owned()), 3)]);
    let owner = world.books.seeded.owner;
    let again = product_aliases::confirm(
        &mut world.books.system().await,
        "liberty",
        "ROSE NOIRE",
        Some(PRODUCTS[1].0),
        owner,
    )
    .await
    .unwrap();
    assert!(matches!(again, Confirmed::Known(alias) if alias.rows_changed == 3));

    let withdrawn = world
        .change(async |tenant| product_aliases::withdraw(tenant, world.aliases[0], owner).await.unwrap())
        .await;
    assert!(matches!(withdrawn, Withdrawn::Done(alias) if alias.rows_returned == Some(3)));
    assert_eq!(world.classes().await, waiting);
    let history = product_aliases::Filter { history: true, ..product_aliases::Filter::default() };
    let mut tenant = world.books.system().await;
    assert_eq!(product_aliases::list(&mut tenant, &history, 10, None).await.unwrap().len(), 1);
    assert_eq!(
        product_aliases::list(&mut tenant, &product_aliases::Filter::default(), 10, None).await.unwrap(),
        []
    );
    let unknown =
        product_aliases::confirm(&mut tenant, "liberty", "x", Some("4006381333931"), owner).await.unwrap();
    assert_eq!(unknown, Confirmed::UnknownProduct);
}
