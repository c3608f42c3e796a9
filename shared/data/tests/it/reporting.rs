//! What SQL that we did not write can do as the reading role, with no gate before it: whatever the corpus of attacks says,
//! nothing of another organisation, nothing hidden, no change.

use std::{path::Path, time::Duration};

use data::{Caller, DatabaseSettings, Reader, WallKey};
use domain::{
    OrgId,
    metrics::{Analysis, Dimension, Filter, Metric},
};
use futures_util::TryStreamExt as _;
use rust_decimal::Decimal;
use serde::Deserialize;
use sqlx::{
    AssertSqlSafe, Column as _, Connection as _, Either, PgConnection, Row as _, TypeInfo as _,
    ValueRef as _, postgres::PgRow,
};
use testkit::{Seeded, TestDatabase};
use uuid::Uuid;

/// The organisations that the corpus names.
pub(crate) const OWN: &str = "00000000-0000-0000-0000-00000000000a";
const VICTIM: &str = "00000000-0000-0000-0000-00000000000b";
/// In every text of the victim's rows.
const CANARY: &str = "CANARY";
/// The victim's amounts.
const CANARY_AMOUNT: &str = "987654.32";
/// Secrets of one's own organisation, which no view shows.
const HIDDEN: &str = "argon2id$CANARY";

/// A retailer, a web shop, an order with costs, and a catalogue; every text carries a mark.
const FIGURES: &str = "
    INSERT INTO uploads (id, org_id, file_name, size_bytes, source, object_key, stated_at, vendor)
        VALUES ('{upload}', '{org}', 'f{mark}', 1, 'api', 'k{mark}', now(), 'liberty');
    INSERT INTO vendors (org_id, key, name) VALUES ('{org}', '{mark}liberty', '{mark} Liberty'), ('{org}', '{mark}webshop', '{mark} Shop');
    INSERT INTO products (org_id, ean, sku, name, category, kind, active)
        VALUES ('{org}', '9529843000349', '{mark}AVMM100', '{mark} Marble Market', '{mark}', 'regular', true);
    INSERT INTO sellout_entries (org_id, upload_id, vendor, cut, period_start, period_end, store, country, product_ean,
        product_name, quantity, amount_local, amount_eur, currency, vat_included, line_class, source_row, key_hash,
        content_hash, active)
    SELECT '{org}', '{upload}', '{mark}liberty', 'main', start, (start + interval '1 month')::date - 1, '{mark}' || store, 'GB',
        '9529843000349', '{mark}', 2, {amount}, {amount}, 'GBP', true, 'sale', 1, '', '', counts
    FROM (VALUES (date '2025-01-01', 'London', true), ('2025-02-01', 'London', true), ('2025-02-01', 'Leeds', true),
        ('2025-03-01', 'withdrawn', false)) AS f (start, store, counts);
    INSERT INTO ecommerce_orders (id, org_id, upload_id, vendor, line_key, order_id, period_start, period_end, sale_date, country,
        city, product_ean, product_name, quantity, amount_local, amount_eur, currency, vat_included, line_class, is_gift,
        utm_source, source_row, key_hash, content_hash, active)
    SELECT uuidv7(), '{org}', '{upload}', '{mark}webshop', n::text, '{mark}' || n, date '2025-02-01' + n, date '2025-02-01' + n,
        date '2025-02-01' + n, 'DE', '{mark}', '9529843000349', '{mark}', 1, {amount}, {amount}, 'EUR', true, 'sale', false,
        '{mark}', n, '', '', true
    FROM generate_series(1, 3) AS n;
    INSERT INTO ecommerce_costs (org_id, id, cost_of_goods) SELECT org_id, id, {cost} FROM ecommerce_orders WHERE org_id = '{org}';
    UPDATE users SET password_hash = '$argon2id$CANARY' WHERE org_id = '{org}';";

#[derive(Deserialize)]
pub(crate) struct Statement {
    pub id: String,
    pub sql: String,
    #[serde(default)]
    category: String,
}

/// Statements of `tests/fixtures/corpora`.
pub(crate) fn corpus(name: &str) -> Vec<Statement> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/corpora").join(name);
    let text = std::fs::read_to_string(path).unwrap();
    // Lines without SQL are questions and contents of cells.
    text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

pub(crate) struct World {
    pub database: TestDatabase,
    pub own: Seeded,
    pub reader: Reader,
}

impl World {
    pub(crate) async fn new() -> Self {
        let database = TestDatabase::new().await;
        let own = database.seed_as(OrgId(OWN.parse().unwrap()), "own").await;
        database.seed_as(OrgId(VICTIM.parse().unwrap()), "victim").await;
        for (org, mark, amount, cost) in
            [(OWN, "", "100.50", "4.25"), (VICTIM, CANARY, CANARY_AMOUNT, CANARY_AMOUNT)]
        {
            let figures = FIGURES
                .replace("{org}", org)
                .replace("{mark}", mark)
                .replace("{amount}", amount)
                .replace("{cost}", cost)
                .replace("{upload}", &Uuid::now_v7().to_string());
            sqlx::raw_sql(AssertSqlSafe(figures)).execute(database.admin()).await.unwrap();
            database.sum_up(OrgId(org.parse().unwrap())).await;
        }
        let settings = DatabaseSettings {
            url: database.reader_url(),
            wall_key: WallKey::from_hex(testkit::WALL_KEY).unwrap(),
        };
        let reader = Reader::connect(&settings).unwrap();
        Self { database, own, reader }
    }

    async fn numbers(&self, subject: Uuid, sql: &str) -> Vec<Decimal> {
        let mut reading = self.reader.read(Caller { org: self.own.org, subject }).await.unwrap();
        sqlx::query_scalar(AssertSqlSafe(sql.to_owned())).fetch_all(&mut *reading).await.unwrap()
    }

    async fn policy(&self, user: Uuid, rule: &str, values: &str) {
        let org = self.own.org;
        let statement = format!(
            "INSERT INTO policies (org_id, name, user_id, {rule}) VALUES ('{org}', 'p', '{user}', {values})"
        );
        sqlx::raw_sql(AssertSqlSafe(statement)).execute(self.database.admin()).await.unwrap();
    }

    /// Everything in the database that an attack could change: rows, roles, policies, functions.
    pub(crate) async fn digest(&self) -> Vec<(String, String)> {
        let tables: Vec<String> = sqlx::query_scalar(
            "SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE c.relkind = 'r' AND n.nspname IN ('public', 'wall', 'service')
             UNION ALL SELECT unnest(ARRAY['pg_policy', 'pg_auth_members', 'pg_namespace',
                 '(SELECT oid, proname, prosrc, proowner FROM pg_proc)', '(SELECT oid, relname, relowner, relrowsecurity FROM pg_class)',
                 '(SELECT rolname, rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname LIKE ''shelfline%'')'])
             ORDER BY 1",
        )
        .fetch_all(self.database.admin())
        .await
        .unwrap();
        let mut digest = Vec::new();
        for table in tables {
            let rows = format!(
                "SELECT coalesce(md5(string_agg(t::text, ',' ORDER BY t::text)), '') FROM {table} AS t"
            );
            let sum = sqlx::query_scalar(AssertSqlSafe(rows)).fetch_one(self.database.admin()).await.unwrap();
            digest.push((table, sum));
        }
        digest
    }
}

/// The first rows as text, whatever their types; an error is what the server says.
pub(crate) async fn answer(connection: &mut PgConnection, sql: &str) -> String {
    let mut shown = String::new();
    let mut results = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).fetch_many(connection);
    loop {
        match results.try_next().await {
            Ok(Some(Either::Right(row))) if shown.len() < 100_000 => write(&mut shown, &row),
            Ok(Some(_)) => {}
            Ok(None) => return shown,
            Err(error) => return format!("{shown}{error:?}"),
        }
    }
}

fn write(shown: &mut String, row: &PgRow) {
    for column in row.columns() {
        let value = row.try_get_raw(column.ordinal()).unwrap();
        if !value.is_null() {
            let text = value.as_str().map_or_else(|_| column.type_info().name().to_owned(), str::to_owned);
            shown.push_str(&text);
        }
        shown.push('|');
    }
}

/// What would give an attack away.
pub(crate) fn betrayed(statement: &str, shown: &str) -> Option<&'static str> {
    // An answer may repeat what was asked.
    [CANARY, CANARY_AMOUNT, HIDDEN].into_iter().find(|mark| shown.contains(mark) && !statement.contains(mark))
}

#[tokio::test]
async fn no_statement_of_the_corpus_shows_a_foreign_row_or_a_hidden_column_or_changes_anything() {
    let world = World::new().await;
    let viewer = world.database.principal(world.own.org, "viewer").await;
    let before = world.digest().await;
    let statements = corpus("hostile_sql.jsonl");
    assert!(statements.len() > 190, "{}", statements.len());
    for Statement { id, sql, category } in statements {
        // Of one that only wants memory the size is asked, not the answer: the network is not under test.
        let sql = if category == "resource" { format!("SELECT count(*) FROM ({sql}) AS x") } else { sql };
        // As it stands, and as an attacker would write it who has read our source.
        for sql in [sql.clone(), sql.replace("app.tenant_id", "app.tenant").replace("tenant_id'", "tenant'")]
        {
            let mut reading = world.reader.read(&viewer).await.unwrap();
            sqlx::raw_sql("SET LOCAL statement_timeout = '500ms'").execute(&mut *reading).await.unwrap();
            let answered = tokio::time::timeout(Duration::from_secs(4), answer(&mut reading, &sql)).await;
            let shown = answered.unwrap_or_else(|_| panic!("{id}: no answer within four seconds"));
            assert_eq!(betrayed(&sql, &shown), None, "{id}: {shown}");
            // What comes next on the same connection, without a tenant and without a transaction.
            let left = answer(
                &mut reading,
                "ROLLBACK; SELECT * FROM reporting.sales; SELECT * FROM reporting.products",
            )
            .await;
            assert_eq!(betrayed("", &left), None, "{id} left: {left}");
            assert!(!left.contains("9529843000349"), "{id}: rows without a tenant: {left}");
        }
        let mut next = world.reader.read(&viewer).await.unwrap();
        let own: i64 = sqlx::query_scalar("SELECT count(*) FROM sales").fetch_one(&mut *next).await.unwrap();
        assert_eq!(own, 6, "{id}: the next question sees its own rows");
        let who: String =
            sqlx::query_scalar("SELECT current_user::text").fetch_one(&mut *next).await.unwrap();
        assert_eq!(who, "shelfline_reader", "{id}");
    }
    assert_eq!(world.digest().await, before);
}

#[tokio::test]
async fn a_signature_for_another_organisation_cannot_be_made_or_borrowed() {
    let world = World::new().await;
    let viewer = world.database.principal(world.own.org, "viewer").await;
    let mut victim = world.database.app().system(OrgId(VICTIM.parse().unwrap())).await.unwrap();
    let stolen: String =
        sqlx::query_scalar("SELECT current_setting('app.tenant')").fetch_one(&mut *victim).await.unwrap();
    for setting in [stolen.as_str(), VICTIM, &format!("{VICTIM}||1|1|00"), "|||||"] {
        let mut reading = world.reader.read(&viewer).await.unwrap();
        let shown = answer(
            &mut reading,
            &format!(
                "WITH climb AS MATERIALIZED (SELECT set_config('app.tenant', '{setting}', true))
                 SELECT * FROM climb, sales; SELECT set_config('app.tenant', '{setting}', false); SELECT * FROM sales"
            ),
        )
        .await;
        assert_eq!(betrayed(setting, &shown), None, "{shown}");
    }
}

#[tokio::test]
async fn every_honest_statement_runs_and_sees_what_counts() {
    let world = World::new().await;
    let viewer = world.database.principal(world.own.org, "viewer").await;
    let statements = corpus("legit_sql.jsonl");
    assert!(statements.len() >= 25, "{}", statements.len());
    for Statement { id, sql, .. } in statements {
        let mut reading = world.reader.read(&viewer).await.unwrap();
        let rows = sqlx::raw_sql(AssertSqlSafe(sql)).fetch_all(&mut *reading).await;
        let rows = rows.unwrap_or_else(|error| panic!("{id}: {error}"));
        // Nothing was sold in what they ask for, or they ask for the last months.
        let empty = ["legit-23", "legit-32", "legit-34", "legit-41"].contains(&id.as_str());
        assert!(empty || !rows.is_empty(), "{id}");
    }
    for (sql, sum) in [
        ("SELECT sum(sales_eur) FROM sellout_entries2", "301.50"),
        ("SELECT sum(sales_eur) FROM ecommerce_orders", "301.50"),
        ("SELECT sum(sales_eur) FROM sales", "603.00"),
        ("SELECT sum(quantity) FROM sales WHERE channel = 'retail' AND year = 2025 AND month = 2", "4"),
    ] {
        assert_eq!(world.numbers(viewer.user_id.0, sql).await, [sum.parse().unwrap()], "{sql}");
    }
}

#[tokio::test]
async fn the_views_give_the_numbers_of_the_metric_layer() {
    let world = World::new().await;
    let viewer = world.database.principal(world.own.org, "viewer").await;
    let revenue = Analysis::of(&[Metric::RevenueEur, Metric::Orders]);
    let of =
        |dimension, value: &str| vec![Filter::new(dimension, vec![Some(value.to_owned())], false).unwrap()];
    for (sql, asked) in [
        (
            "SELECT sum(sales_eur) FROM sellout_entries2 GROUP BY reseller ORDER BY reseller",
            Analysis {
                filters: of(Dimension::Channel, "retail"),
                ..revenue.clone().by(&[Dimension::Vendor])
            },
        ),
        (
            "SELECT sum(sales_eur) FROM sales GROUP BY year, month ORDER BY year, month",
            revenue.clone().by(&[Dimension::Month]),
        ),
        (
            "SELECT sum(sales_eur) FROM sales JOIN products USING (tenant_id, product_ean) GROUP BY category ORDER BY category",
            revenue.clone().by(&[Dimension::Category]),
        ),
        (
            "SELECT sum(sales_eur) FROM ecommerce_orders GROUP BY utm_source ORDER BY utm_source",
            revenue.clone().by(&[Dimension::UtmSource]),
        ),
        (
            "SELECT sum(sales_eur) FROM sales GROUP BY city ORDER BY city",
            revenue.clone().by(&[Dimension::City]),
        ),
        (
            "SELECT sum(sales_eur) FROM sales WHERE store = 'Leeds' OR country = 'DE'",
            Analysis {
                filters: [Filter { excluded: true, ..of(Dimension::Store, "London").remove(0) }].to_vec(),
                ..revenue.clone()
            },
        ),
    ] {
        let mut tenant = world.database.app().tenant(&viewer).await.unwrap();
        let groups = data::analytics::groups(&mut tenant, &asked).await.unwrap();
        let figures: Vec<Decimal> =
            groups.iter().filter_map(|group| Metric::RevenueEur.value(&group.sums).known()).collect();
        assert!(!figures.is_empty());
        assert_eq!(world.numbers(viewer.user_id.0, sql).await, figures, "{sql}");
    }
    let orders = world
        .numbers(viewer.user_id.0, "SELECT count(DISTINCT order_id)::numeric FROM ecommerce_orders")
        .await;
    let mut tenant = world.database.app().tenant(&viewer).await.unwrap();
    let total = data::analytics::total(&mut tenant, &revenue).await.unwrap();
    assert_eq!(Metric::Orders.value(&total).known(), orders.first().copied());
}

#[tokio::test]
async fn rights_and_rules_about_rows_hold_in_every_view() {
    let world = World::new().await;
    let count = |view: &str| format!("SELECT count(*)::numeric FROM {view}");
    let viewer = world.database.principal(world.own.org, "viewer").await.user_id.0;
    let analyst = world.database.principal(world.own.org, "analyst").await.user_id.0;
    let costs = "SELECT coalesce(sum(cost_of_goods), 0) FROM ecommerce_orders";
    assert_eq!(world.numbers(viewer, costs).await, [Decimal::ZERO], "costs:read is missing");
    assert_eq!(world.numbers(analyst, costs).await, ["12.75".parse().unwrap()]);

    let limited = world.database.principal(world.own.org, "viewer").await.user_id.0;
    world.policy(limited, "stores", "'{Leeds}'").await;
    for (view, rows) in
        [("sellout_entries", 1), ("sellout_entries2", 1), ("sales", 1), ("ecommerce_orders", 0)]
    {
        assert_eq!(world.numbers(limited, &count(view)).await, [Decimal::from(rows)], "{view}");
    }
    let denied = world.database.principal(world.own.org, "viewer").await.user_id.0;
    world.policy(denied, "effect, permission", "'deny', 'sales:read'").await;
    world.policy(denied, "effect, permission", "'deny', 'uploads:read'").await;
    let stranger = Uuid::now_v7();
    for subject in [denied, stranger] {
        for view in ["sellout_entries", "sellout_entries2", "ecommerce_orders", "sales", "resellers"] {
            assert_eq!(world.numbers(subject, &count(view)).await, [Decimal::ZERO], "{view}");
        }
    }
}

#[tokio::test]
async fn what_restricts_the_application_restricts_the_views() {
    let database = TestDatabase::new().await;
    let looser: Vec<String> = sqlx::query_scalar(
        "SELECT polrelid::regclass || '.' || polname FROM pg_policy
         WHERE polrelid IN (SELECT polrelid FROM pg_policy WHERE 'shelfline_reporting'::regrole::oid = ANY (polroles))
             AND NOT polpermissive AND polcmd IN ('r', '*') AND NOT 'shelfline_reporting'::regrole::oid = ANY (polroles)",
    )
    .fetch_all(database.admin())
    .await
    .unwrap();
    assert!(looser.is_empty(), "{looser:?}");
    let undocumented: Vec<String> = sqlx::query_scalar(
        "SELECT table_name || '.' || column_name FROM information_schema.columns
         WHERE table_schema = 'reporting'
             AND col_description((table_schema || '.' || table_name)::regclass, ordinal_position) IS NULL",
    )
    .fetch_all(database.admin())
    .await
    .unwrap();
    assert!(undocumented.is_empty(), "{undocumented:?}");
    let mut raw = PgConnection::connect(&database.reader_url()).await.unwrap();
    let readable: Vec<String> = sqlx::query_scalar(
        "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname IN ('public', 'wall', 'service') AND c.relkind IN ('r', 'v', 'p', 'm', 'S')
             AND has_any_column_privilege('shelfline_reader', c.oid, 'SELECT')",
    )
    .fetch_all(&mut raw)
    .await
    .unwrap();
    assert!(readable.is_empty(), "{readable:?}");
}
