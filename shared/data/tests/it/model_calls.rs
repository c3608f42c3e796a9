//! Calls of language models are counted by upload and seen by their own organisation alone.

use std::time::Duration;

use data::model_calls::{self, About, Calls, NewCall};
use domain::DocumentKind;
use testkit::TestDatabase;

use crate::books::{Books, day, document, month, row, sold};

#[tokio::test]
async fn calls_are_counted_by_upload_for_their_own_organisation_only() {
    let database = TestDatabase::new().await;
    let (books, others) = (Books::new(&database, "acme").await, Books::new(&database, "other").await);
    let rows = vec![row(&sold(1, "A", 1))];
    let upload = books.send(day(1), document("boxnox", DocumentKind::Snapshot, &[month(1)]), rows).await;
    let took = Duration::from_millis(1_234);
    let call = NewCall {
        about: About::Layout(upload),
        model: "tester",
        outcome: "proposed",
        tokens: Some((1_000, 50)),
        took,
    };

    let mut tenant = books.system().await;
    assert_eq!(model_calls::count(&mut tenant, upload).await.unwrap(), Calls { all: 0, of_this_reading: 0 });
    model_calls::insert(&mut tenant, &call).await.unwrap();
    model_calls::insert(&mut tenant, &NewCall { outcome: "timeout", tokens: None, ..call.clone() })
        .await
        .unwrap();
    // Of questions there is no upload.
    model_calls::insert(&mut tenant, &NewCall { about: About::Question, ..call.clone() }).await.unwrap();
    tenant.commit().await.unwrap();
    let mut tenant = books.system().await;
    assert_eq!(model_calls::count(&mut tenant, upload).await.unwrap(), Calls { all: 2, of_this_reading: 2 });

    // A later reading begins its own count.
    sqlx::query("UPDATE uploads SET finished_at = now() + interval '1 minute' WHERE id = $1")
        .bind(upload.0)
        .execute(&mut *tenant)
        .await
        .unwrap();
    assert_eq!(model_calls::count(&mut tenant, upload).await.unwrap(), Calls { all: 2, of_this_reading: 0 });

    let mut stranger = others.system().await;
    assert_eq!(
        model_calls::count(&mut stranger, upload).await.unwrap(),
        Calls { all: 0, of_this_reading: 0 }
    );
    assert!(model_calls::insert(&mut stranger, &call).await.is_err(), "another organisation's upload");
}

#[tokio::test]
async fn what_was_called_is_never_changed() {
    let database = TestDatabase::new().await;
    let books = Books::new(&database, "acme").await;
    let rows = vec![row(&sold(1, "A", 1))];
    let upload = books.send(day(1), document("boxnox", DocumentKind::Snapshot, &[month(1)]), rows).await;
    let took = Duration::from_millis(1);
    let call =
        NewCall { about: About::Layout(upload), model: "tester", outcome: "proposed", tokens: None, took };
    let mut tenant = books.system().await;
    model_calls::insert(&mut tenant, &call).await.unwrap();
    tenant.commit().await.unwrap();

    let mut tenant = books.system().await;
    // Retention removes what is old, and nothing younger than a month.
    let removed = sqlx::query("DELETE FROM model_calls").execute(&mut *tenant).await.unwrap();
    assert_eq!(removed.rows_affected(), 0);
    let refused =
        sqlx::query("UPDATE model_calls SET input_tokens = 0").execute(&mut *tenant).await.unwrap_err();
    assert!(refused.to_string().contains("permission denied"), "{refused}");
}
