//! What the gate lets through, run: the corpora again, each layer alone, and statements that do not want to end.

use std::time::{Duration, Instant};

use data::reader::{Cell, Checked, Failure, Kind, Table};
use gate::Asker;
use sqlx::{AssertSqlSafe, Row as _};

use crate::reporting::{OWN, Statement, World, answer, betrayed, corpus};

impl World {
    fn asker(&self) -> Asker {
        Asker { org: self.own.org, costs: true, rows: 1_000 }
    }

    async fn run(&self, caller: impl Into<data::Caller>, sql: &str) -> Result<Table, Failure> {
        let checked = gate::check(sql, &self.asker()).unwrap_or_else(|refusal| panic!("{sql}: {refusal}"));
        self.reader.run(caller, runnable(&checked)).await
    }

    /// Statements that the reading role is in the middle of.
    async fn busy(&self) -> i64 {
        sqlx::query_scalar(
            "SELECT count(*) FROM pg_stat_activity WHERE usename = 'shelfline_reader' AND datname = current_database()
             AND state <> 'idle'",
        )
        .fetch_one(self.database.admin())
        .await
        .unwrap()
    }

    /// Ends when nothing runs any more.
    async fn comes_to_rest(&self) {
        let started = Instant::now();
        while self.busy().await > 0 {
            assert!(started.elapsed() < Duration::from_secs(2), "a connection is still busy");
            tokio::task::yield_now().await;
        }
    }
}

fn runnable(checked: &gate::Checked) -> Checked<'_> {
    let limits = checked.limits();
    Checked { sql: checked.sql(), rows: limits.rows, planned_rows: limits.planned_rows }
}

fn unchecked(sql: &str) -> Checked<'_> {
    Checked { sql, rows: 1_000, planned_rows: 1_000_000_000 }
}

fn sorted(mut rows: Vec<String>) -> Vec<String> {
    rows.sort();
    rows
}

#[tokio::test]
async fn honest_statements_give_the_same_numbers_with_and_without_the_gate() {
    let world = World::new().await;
    let analyst = world.database.principal(world.own.org, "analyst").await;
    for Statement { id, sql, .. } in corpus("legit_sql.jsonl") {
        let mut reading = world.reader.read(&analyst).await.unwrap();
        let bare = sqlx::raw_sql(AssertSqlSafe(sql.clone())).fetch_all(&mut *reading).await.unwrap();
        let checked = gate::check(&sql, &world.asker()).unwrap();
        let gated =
            sqlx::raw_sql(AssertSqlSafe(checked.sql().to_owned())).fetch_all(&mut *reading).await.unwrap();
        let text = |rows: &[sqlx::postgres::PgRow]| {
            let row = |row: &sqlx::postgres::PgRow| {
                (0..row.len()).map(|at| format!("{:?}|", row.try_get_raw_text(at))).collect::<String>()
            };
            sorted(rows.iter().map(row).collect())
        };
        assert_eq!(text(&gated), text(&bare), "{id}");
        let table =
            world.reader.run(&analyst, runnable(&checked)).await.unwrap_or_else(|f| panic!("{id}: {f}"));
        assert_eq!(table.rows.len(), bare.len(), "{id}");
        assert!(!table.truncated && !table.columns.is_empty(), "{id}");
    }
}

trait RawText {
    fn try_get_raw_text(&self, at: usize) -> Option<String>;
}

impl RawText for sqlx::postgres::PgRow {
    fn try_get_raw_text(&self, at: usize) -> Option<String> {
        use sqlx::ValueRef as _;
        let value = self.try_get_raw(at).unwrap();
        (!value.is_null()).then(|| value.as_str().unwrap().to_owned())
    }
}

#[tokio::test]
async fn no_attack_that_is_let_through_shows_changes_or_holds_anything() {
    let world = World::new().await;
    let viewer = world.database.principal(world.own.org, "viewer").await;
    let before = world.digest().await;
    for Statement { id, sql, .. } in corpus("hostile_sql.jsonl") {
        let Ok(checked) = gate::check(&sql, &world.asker()) else { continue };
        let started = Instant::now();
        let shown = match world.reader.run(&viewer, runnable(&checked)).await {
            Ok(table) => format!("{table:?}"),
            Err(failure) => failure.to_string(),
        };
        assert!(started.elapsed() < Duration::from_secs(4), "{id} took {:?}", started.elapsed());
        assert_eq!(betrayed(&sql, &shown), None, "{id}: {shown}");
        world.comes_to_rest().await;
    }
    assert_eq!(world.digest().await, before);
}

#[tokio::test]
async fn the_tenant_in_the_text_is_enough_where_no_row_security_is() {
    let world = World::new().await;
    for table in [
        "sellout_entries",
        "ecommerce_orders",
        "ecommerce_costs",
        "sales_rollup",
        "sales_levels",
        "spread_orders",
        "products",
        "stores",
        "vendors",
    ] {
        let statement = format!("ALTER TABLE {table} DISABLE ROW LEVEL SECURITY");
        sqlx::raw_sql(AssertSqlSafe(statement)).execute(world.database.admin()).await.unwrap();
    }
    let mut open = world.database.admin().acquire().await.unwrap();
    sqlx::raw_sql("SET search_path = reporting, pg_catalog; SET statement_timeout = '1s'")
        .execute(&mut *open)
        .await
        .unwrap();
    let bare = answer(&mut open, "SELECT * FROM sales").await;
    assert!(betrayed("", &bare).is_some(), "{bare}");
    let wide = [
        "SELECT * FROM sales",
        "SELECT * FROM sellout_entries",
        "SELECT * FROM sellout_entries2",
        "SELECT * FROM ecommerce_orders",
        "SELECT * FROM products",
        "SELECT * FROM resellers",
        "SELECT * FROM stores",
        "SELECT * FROM sales a, sales b WHERE a.sales_eur <> b.sales_eur OR true",
        "WITH a AS (SELECT * FROM sales) SELECT * FROM a UNION ALL SELECT * FROM reporting.sales",
        "SELECT (SELECT max(sales_eur) FROM sales), ARRAY(SELECT store FROM sales)",
        "SELECT p.* FROM resellers r LEFT JOIN LATERAL (SELECT * FROM sales s WHERE s.vendor <> r.reseller) p ON true",
    ];
    let attacks: Vec<_> = ["hostile_sql.jsonl", "legit_sql.jsonl"]
        .into_iter()
        .flat_map(corpus)
        .map(|statement| statement.sql)
        .collect();
    for sql in wide.into_iter().map(str::to_owned).chain(attacks) {
        let Ok(checked) = gate::check(&sql, &world.asker()) else { continue };
        let shown = answer(&mut open, checked.sql()).await;
        assert_eq!(betrayed(&sql, &shown), None, "{}: {shown}", checked.sql());
    }
}

#[tokio::test]
async fn the_gate_knows_the_views_as_they_are() {
    let world = World::new().await;
    let columns: Vec<(String, String)> = sqlx::query_as(
        "SELECT table_name::text, column_name::text FROM information_schema.columns WHERE table_schema = $1
         ORDER BY table_name, ordinal_position",
    )
    .bind(gate::views::SCHEMA)
    .fetch_all(world.database.admin())
    .await
    .unwrap();
    let mut views = gate::views::VIEWS;
    views.sort_by_key(|view| view.name);
    let known = views
        .iter()
        .flat_map(|view| view.columns.iter().map(|column| (view.name.to_owned(), (*column).to_owned())));
    assert_eq!(columns, known.collect::<Vec<_>>());
}

#[tokio::test]
async fn answers_have_names_types_and_an_end() {
    let world = World::new().await;
    let viewer = world.database.principal(world.own.org, "viewer").await;
    let sql = "SELECT count(*) AS n, sum(sales_eur) AS eur, min(day) AS d, bool_and(vat_included), min(order_date), NULL AS nothing
        FROM ecommerce_orders";
    let table = world.run(&viewer, sql).await.unwrap();
    let kinds: Vec<_> = table.columns.iter().map(|column| (column.name.as_str(), column.kind)).collect();
    assert_eq!(
        kinds,
        [
            ("n", Kind::Integer),
            ("eur", Kind::Decimal),
            ("d", Kind::Date),
            ("bool_and", Kind::Boolean),
            ("min", Kind::Timestamp),
            ("nothing", Kind::Text),
        ]
    );
    let text = |text: &str| Cell::Text(text.to_owned());
    assert_eq!(
        table.rows,
        [vec![
            Cell::Integer(3),
            text("301.50"),
            text("2025-02-02"),
            Cell::Boolean(true),
            text("2025-02-02T00:00:00Z"),
            Cell::None,
        ]]
    );
    let none = world.run(&viewer, "SELECT store FROM sales WHERE false").await.unwrap();
    assert_eq!((none.columns.len(), none.rows.len()), (1, 0));
    let many = world.run(&viewer, "SELECT g FROM generate_series(1, 5000) g ORDER BY g").await.unwrap();
    assert_eq!((many.rows.len(), many.truncated), (1_000, true));
    let all = world.run(&viewer, "SELECT g FROM generate_series(1, 1000) g").await.unwrap();
    assert_eq!((all.rows.len(), all.truncated), (1_000, false));
}

#[tokio::test]
async fn failures_are_told_in_our_own_words() {
    let world = World::new().await;
    let viewer = world.database.principal(world.own.org, "viewer").await;
    for (sql, code) in [
        ("SELECT 1 / 0", "sql_value"),
        ("SELECT functional_name::int FROM products", "sql_value"),
        ("SELECT store, sum(quantity) FROM sales", "sql_does_not_fit"),
        ("SELECT store + 1 FROM sales", "sql_does_not_fit"),
        ("SELECT (SELECT store FROM sales)", "sql_does_not_fit"),
        (
            "SELECT count(*) FROM generate_series(1, 100000) a, generate_series(1, 100000) b, generate_series(1, 1000) c",
            "sql_too_costly",
        ),
        (
            "SELECT string_agg(a::text, ',') FROM generate_series(1, 90000) a, generate_series(1, 9) b",
            "sql_too_costly",
        ),
    ] {
        let failure = world.run(&viewer, sql).await.unwrap_err();
        assert_eq!(failure.code(), code, "{sql}: {failure}");
        for word in ["AVMM100", "ERROR", "store", "sales.", "syntax"] {
            assert!(!failure.to_string().contains(word), "{failure}");
        }
    }
    let wide = "SELECT repeat('x', 4000000)";
    assert_eq!(world.reader.run(&viewer, unchecked(wide)).await.unwrap_err().code(), "sql_answer_too_large");
}

#[tokio::test]
async fn a_statement_that_does_not_end_is_ended_and_one_that_does_not_heed_that_is_left() {
    let world = World::new().await;
    let viewer = world.database.principal(world.own.org, "viewer").await;
    sqlx::raw_sql(
        "CREATE FUNCTION reporting.stubborn() RETURNS void LANGUAGE plpgsql AS $$
         BEGIN
             LOOP
                 BEGIN PERFORM pg_sleep(10); EXCEPTION WHEN query_canceled THEN END;
             END LOOP;
         END $$;
         GRANT EXECUTE ON FUNCTION reporting.stubborn() TO shelfline_reader",
    )
    .execute(world.database.admin())
    .await
    .unwrap();
    for sql in ["SELECT pg_sleep(10)", "SELECT reporting.stubborn()"] {
        let started = Instant::now();
        let failure = world.reader.run(&viewer, unchecked(sql)).await.unwrap_err();
        assert_eq!(failure.code(), "sql_took_too_long", "{sql}");
        assert!(started.elapsed() < Duration::from_secs(4), "{sql} took {:?}", started.elapsed());
        world.comes_to_rest().await;
    }
    assert_eq!(world.run(&viewer, "SELECT count(*) FROM sales").await.unwrap().rows, [[Cell::Integer(6)]]);
    assert_eq!(OWN.parse(), Ok(world.own.org.0));
}
