//! Many callers of several organisations at once on few connections, some of whom go away in the middle.

use std::{sync::Arc, time::Duration};

use data::{Caller, Database, DatabaseSettings, Reader, WallKey};
use testkit::TestDatabase;
use tokio::task::JoinSet;
use uuid::Uuid;

const REQUESTS: u64 = 1_000;
/// At once; the pools of the application and of the reader have two connections each.
const AT_ONCE: usize = 32;

/// What one request does with its transaction.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Commits,
    /// Its caller hangs up while the statement runs, or before.
    IsCancelled,
    Panics,
}

struct Connections {
    application: Database,
    reader: Reader,
}

impl Connections {
    /// The organisations of the rows that a caller sees, as the application or as the reader.
    async fn seen(&self, caller: Caller, as_reader: bool, end: End) -> Vec<Uuid> {
        let statement = "SELECT tenant_id FROM reporting.products, generate_series(1, 50)";
        let seen = if as_reader {
            let mut reading = self.reader.read(caller).await.unwrap();
            sqlx::query_scalar(statement).fetch_all(&mut *reading).await.unwrap()
        } else {
            let mut tenant = self.application.tenant(caller).await.unwrap();
            let rows = sqlx::query_scalar("SELECT org_id FROM products, generate_series(1, 50)");
            let seen = rows.fetch_all(&mut *tenant).await.unwrap();
            assert!(end != End::Panics, "on purpose, with the transaction open");
            tenant.commit().await.unwrap();
            seen
        };
        assert!(end != End::Panics, "on purpose");
        seen
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_row_belongs_to_its_caller_whoever_hangs_up_or_panics_beside() {
    let database = TestDatabase::new().await;
    let mut callers = Vec::new();
    for slug in ["one", "two", "three"] {
        let seeded = database.seed(slug).await;
        sqlx::query(
            "INSERT INTO products (org_id, ean, kind, active)
             SELECT $1, to_char(n, 'FM0000000000000'), 'regular', true FROM generate_series(1, 20) AS n",
        )
        .bind(seeded.org.0)
        .execute(database.admin())
        .await
        .unwrap();
        let viewer = database.principal(seeded.org, "viewer").await;
        callers.push(Caller { org: seeded.org, subject: viewer.user_id.0 });
    }
    let wall_key = WallKey::from_hex(testkit::WALL_KEY).unwrap();
    let reader = Reader::connect(&DatabaseSettings { url: database.reader_url(), wall_key }).unwrap();
    let connections = Arc::new(Connections { application: database.app().clone(), reader });

    let (mut tasks, mut answered, mut stopped) = (JoinSet::new(), 0, 0);
    for number in 0..REQUESTS {
        let caller = callers[usize::try_from(number % 3).unwrap()];
        let end = match number % 7 {
            3 => End::IsCancelled,
            5 => End::Panics,
            _ => End::Commits,
        };
        let connections = connections.clone();
        tasks.spawn(async move {
            let request = connections.seen(caller, number % 2 == 0, end);
            // Anywhere between the first and the last of its statements.
            let patience = if end == End::IsCancelled {
                Duration::from_micros(number * 5)
            } else {
                Duration::from_secs(60)
            };
            (caller, tokio::time::timeout(patience, request).await)
        });
        while tasks.len() >= AT_ONCE || number + 1 == REQUESTS && !tasks.is_empty() {
            match tasks.join_next().await.unwrap() {
                Ok((caller, Ok(seen))) => {
                    assert_eq!(seen.len(), 1_000);
                    assert!(seen.iter().all(|org| *org == caller.org.0), "a row of another organisation");
                    answered += 1;
                }
                Ok((_, Err(_))) => stopped += 1,
                Err(panic) => {
                    assert!(panic.is_panic());
                    stopped += 1;
                }
            }
        }
    }
    assert_eq!(answered + stopped, REQUESTS);
    assert!(answered > 700 && stopped > 140, "{answered} answered, {stopped} stopped");
}
