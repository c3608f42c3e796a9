//! Any sequence of uploads, replays and undos leaves the books as a simple model of them says.

use std::collections::{BTreeMap, BTreeSet};

use data::changes::{self, Filter, Kind, Side};
use domain::{DocumentKind, MailChanges, PeriodChange, Report, SaleRow, UploadId, UploadStatus};
use proptest::{
    prelude::*,
    test_runner::{Config, TestCaseError, TestRunner},
};
use rust_decimal::Decimal;
use testkit::TestDatabase;

use crate::books::{Books, Sold, day, document, line, month, row};

const CASES: u32 = 40;

#[derive(Debug, Clone)]
enum Step {
    Send {
        kind: DocumentKind,
        on: i64,
        months: BTreeSet<u32>,
        sold: Vec<Sold>,
    },
    /// Sends what an earlier step sent, from another file.
    Repeat {
        of: usize,
        on: i64,
    },
    Undo {
        of: usize,
    },
    /// Reads the file of an earlier step again, which says something else by now.
    Replay {
        of: usize,
        months: BTreeSet<u32>,
        sold: Vec<Sold>,
    },
}

fn any_step() -> impl Strategy<Value = Step> {
    let kind =
        prop_oneof![Just(DocumentKind::Snapshot), Just(DocumentKind::Living), Just(DocumentKind::Increment)];
    let send = (kind, 0..5i64, any_statement()).prop_map(|(kind, on, (months, sold))| Step::Send {
        kind,
        on,
        months,
        sold,
    });
    let replay =
        (0..8usize, any_statement()).prop_map(|(of, (months, sold))| Step::Replay { of, months, sold });
    prop_oneof![
        5 => send,
        1 => (0..8usize, 0..5i64).prop_map(|(of, on)| Step::Repeat { of, on }),
        2 => (0..8usize).prop_map(|of| Step::Undo { of }),
        2 => replay,
    ]
}

/// Months, and what was sold in them.
fn any_statement() -> impl Strategy<Value = (BTreeSet<u32>, Vec<Sold>)> {
    let months = prop::collection::btree_set(1..4u32, 1..3);
    let sold = prop::collection::vec((1..4u32, 0..3usize, 1..3i64), 0..7);
    (months, sold).prop_map(|(months, rows)| {
        let sold = rows
            .into_iter()
            .filter(|(month, ..)| months.contains(month))
            .map(|(month, product, quantity)| Sold {
                month,
                product: ["A", "B", "C"][product].to_owned(),
                quantity,
            })
            .collect();
        (months, sold)
    })
}

/// What somebody said, and whether it still holds.
#[derive(Debug, Clone)]
struct Said {
    id: UploadId,
    kind: DocumentKind,
    on: i64,
    months: BTreeSet<u32>,
    sold: Vec<Sold>,
    undone: bool,
}

impl Said {
    fn vendor(&self) -> &'static str {
        if self.kind == DocumentKind::Increment { "shop" } else { "retailer" }
    }

    /// What its file says when it says this.
    fn statement(&self, months: &BTreeSet<u32>, sold: &[Sold]) -> (Report, Vec<SaleRow>) {
        let periods: Vec<_> = months.iter().map(|stated| month(*stated)).collect();
        let increment = self.kind == DocumentKind::Increment;
        let rows = sold.iter().map(|sold| if increment { line(sold) } else { row(sold) }).collect();
        (document(self.vendor(), self.kind, &periods), rows)
    }

    fn order(&self) -> (i64, UploadId) {
        (self.on, self.id)
    }
}

/// The rules of restatement in their simplest form.
#[derive(Debug, Default)]
struct Model(Vec<Said>);

impl Model {
    fn standing(&self, vendor: &str) -> Vec<&Said> {
        let mut standing: Vec<&Said> =
            self.0.iter().filter(|said| !said.undone && said.vendor() == vendor).collect();
        standing.sort_by_key(|said| said.order());
        standing
    }

    fn sales(&self, vendor: &str) -> Vec<Sold> {
        let mut by_key: BTreeMap<String, Vec<Sold>> = BTreeMap::new();
        for said in self.standing(vendor) {
            if said.kind == DocumentKind::Increment {
                for key in said.sold.iter().map(|sold| &sold.product).collect::<BTreeSet<_>>() {
                    let version = said.sold.iter().filter(|sold| &sold.product == key).cloned().collect();
                    by_key.insert(key.clone(), version);
                }
            } else {
                for stated in &said.months {
                    let version = said.sold.iter().filter(|sold| sold.month == *stated).cloned().collect();
                    by_key.insert(stated.to_string(), version);
                }
            }
        }
        let mut sales: Vec<Sold> = by_key.into_values().flatten().collect();
        sales.sort();
        sales
    }

    /// Months in which the last retailer document counts.
    fn winning(&self, said: &Said) -> BTreeSet<u32> {
        let standing = self.standing(said.vendor());
        let wins = |stated: &&u32| {
            standing
                .iter()
                .rev()
                .find(|other| other.months.contains(stated))
                .is_some_and(|other| other.id == said.id)
        };
        said.months.iter().filter(wins).copied().collect()
    }
}

fn count<K: Ord>(items: impl Iterator<Item = K>) -> BTreeMap<K, i64> {
    items.fold(BTreeMap::new(), |mut counts, item| {
        *counts.entry(item).or_default() += 1;
        counts
    })
}

/// The difference of two multisets of rows; a row that went and one that came about the same thing are a change.
fn difference(before: &[Sold], after: &[Sold], key: impl Fn(&Sold) -> (u32, String)) -> MailChanges {
    let (was, is) = (count(before.iter()), count(after.iter()));
    let mut moved: BTreeMap<(u32, String), (i64, i64)> = BTreeMap::new();
    let mut unchanged = 0;
    for sold in was.keys().chain(is.keys()).collect::<BTreeSet<_>>() {
        let (was, is) = (was.get(*sold).copied().unwrap_or(0), is.get(*sold).copied().unwrap_or(0));
        unchanged += was.min(is);
        let entry = moved.entry(key(sold)).or_default();
        entry.0 += (was - is).max(0);
        entry.1 += (is - was).max(0);
    }
    let sum = |pick: fn(&(i64, i64)) -> i64| moved.values().map(pick).sum::<i64>().unsigned_abs();
    MailChanges {
        added: sum(|(gone, came)| came - gone.min(came)),
        changed: sum(|(gone, came)| *gone.min(came)),
        removed: sum(|(gone, came)| gone - gone.min(came)),
        unchanged: u64::try_from(unchanged).unwrap(),
    }
}

async fn check(books: &Books<'_>, model: &Model) -> Result<(), TestCaseError> {
    for vendor in ["retailer", "shop"] {
        prop_assert_eq!(books.sales(vendor).await, model.sales(vendor), "{}", vendor);
    }
    prop_assert_eq!(books.rollup_differences().await, 0);
    for said in &model.0 {
        check_changes(books, said).await?;
    }
    Ok(())
}

/// The list of an upload's changes is as long as was counted when it came, whatever happened since, and each line of it
/// is a difference.
async fn check_changes(books: &Books<'_>, said: &Said) -> Result<(), TestCaseError> {
    let id = said.id;
    let mut tenant = books.system().await;
    let counted = books.upload(id).await.changes;
    let listed = changes::list(&mut tenant, id, Filter::default(), 1_000, None).await.unwrap();
    let of = |kind: Kind| listed.iter().filter(|change| change.kind == kind).count() as u64;
    prop_assert_eq!(
        (of(Kind::Added), of(Kind::Changed), of(Kind::Removed)),
        (counted.added, counted.changed, counted.removed)
    );
    let quantity = |side: &Option<Side>| side.as_ref().and_then(|side| side.quantity).unwrap_or_default();
    let product = |side: &Option<Side>| side.as_ref().map(|side| side.vendor_product_code.clone());
    for change in &listed {
        prop_assert_eq!(change.before.is_none(), change.kind == Kind::Added);
        prop_assert_eq!(change.after.is_none(), change.kind == Kind::Removed);
        // The row itself may be another upload's, which said the same of that period.
        let stated = |side: &Side| {
            said.sold.iter().any(|sold| {
                chrono::Datelike::month(&side.period_start) == sold.month
                    && side.vendor_product_code.as_deref() == Some(&*sold.product)
                    && side.quantity == Some(sold.quantity.into())
            })
        };
        prop_assert!(change.after.as_ref().is_none_or(stated));
        if change.kind == Kind::Changed {
            let said = |side: &Option<Side>| side.as_ref().map(|side| (side.period_start, side.quantity));
            prop_assert_ne!(said(&change.before), said(&change.after));
            prop_assert_eq!(product(&change.before), product(&change.after));
        }
    }
    let totals = changes::totals(&mut tenant, id, Filter::default()).await.unwrap();
    let (kinds, currencies): (Vec<_>, Vec<_>) = totals.iter().partition(|total| total.currency.is_none());
    let lines: i64 = kinds.iter().map(|total| total.lines).sum();
    prop_assert_eq!(usize::try_from(lines).unwrap(), listed.len());
    let net = listed.iter().map(|change| quantity(&change.after) - quantity(&change.before)).sum::<Decimal>();
    prop_assert_eq!(currencies.iter().map(|total| total.quantity).sum::<Decimal>(), net);
    Ok(())
}

async fn send(books: &Books<'_>, model: &mut Model, mut said: Said) -> Result<(), TestCaseError> {
    let increment = said.kind == DocumentKind::Increment;
    let (report, rows) = said.statement(&said.months, &said.sold);
    let before = model.sales(said.vendor());
    let stated_before: BTreeSet<u32> =
        model.standing(said.vendor()).iter().flat_map(|other| other.months.iter().copied()).collect();
    said.id = books.send(day(said.on), report, rows).await;
    model.0.push(said.clone());
    let upload = books.upload(said.id).await;
    prop_assert_eq!(upload.status, UploadStatus::Completed);
    if !increment {
        let winning = model.winning(&said);
        let within = |sales: &[Sold]| -> Vec<Sold> {
            sales.iter().filter(|sold| winning.contains(&sold.month)).cloned().collect()
        };
        let after = model.sales(said.vendor());
        let expected =
            difference(&within(&before), &within(&after), |sold| (sold.month, sold.product.clone()));
        prop_assert_eq!(upload.changes, expected);
        for period in &upload.periods {
            let stated = chrono::Datelike::month(&period.period.start());
            let of = |sales: &[Sold]| count(sales.iter().filter(|sold| sold.month == stated).cloned());
            let expected = if !stated_before.contains(&stated) {
                PeriodChange::New
            } else if of(&before) == of(&after) {
                PeriodChange::Unchanged
            } else {
                PeriodChange::Changed
            };
            prop_assert_eq!(period.change, expected, "month {}", stated);
        }
    }
    Ok(())
}

async fn play(database: &TestDatabase, steps: Vec<Step>) -> Result<(), TestCaseError> {
    let slug = format!("org-{}", UploadId::new().0.simple());
    let books = Books::new(database, &slug).await;
    let mut model = Model::default();
    for step in steps {
        match step {
            Step::Send { kind, on, months, sold } => {
                let said = Said { id: UploadId::new(), kind, on, months, sold, undone: false };
                send(&books, &mut model, said).await?;
            }
            Step::Repeat { of, on } => {
                if let Some(earlier) = model.0.get(of).cloned() {
                    send(&books, &mut model, Said { on, undone: false, ..earlier }).await?;
                }
            }
            Step::Replay { of, months, sold } => {
                let Some(said) = model.0.get_mut(of) else { continue };
                let replayed = books.replay(said.id, said.statement(&months, &sold)).await;
                prop_assert_eq!(replayed, !said.undone);
                if replayed {
                    (said.months, said.sold) = (months, sold);
                }
            }
            Step::Undo { of } => {
                let Some(said) = model.0.get(of).cloned() else { continue };
                let before = model.sales(said.vendor());
                let undone = books.undo(said.id).await;
                prop_assert_eq!(undone.is_some(), !said.undone);
                model.0[of].undone = true;
                if let Some(undone) = undone {
                    let after = model.sales(said.vendor());
                    let (was, is) = (count(before.iter()), count(after.iter()));
                    let net = |of: &BTreeMap<&Sold, i64>, other: &BTreeMap<&Sold, i64>| {
                        of.iter().map(|(sold, n)| (n - other.get(sold).unwrap_or(&0)).max(0)).sum::<i64>()
                    };
                    prop_assert_eq!(undone.removed, net(&was, &is).unsigned_abs());
                    prop_assert_eq!(undone.restored, net(&is, &was).unsigned_abs());
                }
            }
        }
        check(&books, &model).await?;
    }
    Ok(())
}

#[test]
fn any_sequence_of_uploads_replays_and_undos_leaves_the_books_as_the_model_says() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let database = runtime.block_on(TestDatabase::new());
    let mut runner = TestRunner::new(Config {
        cases: CASES,
        max_shrink_iters: 300,
        failure_persistence: None,
        ..Config::default()
    });
    runner
        .run(&prop::collection::vec(any_step(), 1..9), |steps| runtime.block_on(play(&database, steps)))
        .unwrap();
}
