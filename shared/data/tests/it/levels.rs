//! Whichever sums an analysis is read from, it says what the rows themselves add up to, to everybody what they may see.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use data::{Caller, Tenant, analytics};
use domain::metrics::{Analysis, Dimension, Filter, Metric};
use rust_decimal::Decimal;
use sqlx::{AssertSqlSafe, Row as _, postgres::PgRow};
use testkit::{Seeded, TestDatabase};
use uuid::Uuid;

use crate::books::rollup_differences;

/// Five months of three vendors and a web shop. Every third order has lines on two days, in two months or in two countries; one of a
/// store is a return as a whole.
const FIGURES: &str = "
    INSERT INTO uploads (id, org_id, file_name, size_bytes, source, object_key, stated_at, vendor)
        VALUES ('00000000-0000-7000-8000-000000000001', '{org}', 'a.xlsx', 1, 'api', 'k', now(), 'liberty');
    INSERT INTO products (org_id, ean, category, size, kind, active)
    SELECT '{org}', 4006381000000 + n, (ARRAY['Perfume', 'Candle', NULL])[n % 3 + 1], (ARRAY['50', '100'])[n % 2 + 1], 'regular', true
    FROM generate_series(0, 5) AS n;
    INSERT INTO sellout_entries (org_id, upload_id, vendor, cut, period_start, period_end, sale_date, store, store_kind, country,
        product_ean, line_class, quantity, amount_local, currency, amount_eur, vat_included, source_row, key_hash, content_hash, active)
    SELECT '{org}', '00000000-0000-7000-8000-000000000001', vendor, 'main', day, day, day, (ARRAY['London', 'Paris', NULL])[n % 3 + 1],
        (ARRAY['physical', 'online', NULL])[n % 3 + 1], (ARRAY['GB', 'FR', NULL, 'GB'])[n % 4 + 1], 4006381000000 + n % 7,
        CASE WHEN n % 11 = 0 THEN 'return' ELSE 'sale' END, nullif(n % 5, 4), n, (ARRAY['EUR', 'GBP'])[n % 2 + 1],
        CASE WHEN n % 13 <> 0 THEN n * 1.17 END, true, 1, '', '', n % 17 <> 0
    FROM (
        SELECT n, (ARRAY['boxnox', 'liberty', 'cdlc'])[n % 3 + 1] AS vendor, date '2025-11-20' + n * 13 % 140 AS day
        FROM generate_series(1, 400) AS n
    ) AS f;
    INSERT INTO ecommerce_orders (org_id, upload_id, vendor, line_key, order_id, period_start, period_end, sale_date, store, store_kind,
        country, product_ean, line_class, quantity, amount_local, amount_eur, currency, vat_included, is_gift, source_row, key_hash,
        content_hash, active)
    SELECT '{org}', '00000000-0000-7000-8000-000000000001', vendor, n, 'o' || n / 2, day, day, day, (ARRAY['Web', 'Outlet'])[n / 6 % 2 + 1],
        'online', CASE WHEN n % 12 = 5 THEN 'FR' ELSE 'DE' END, 4006381000000 + n % 7,
        (ARRAY['sale', 'gift', 'sale', 'return'])[n / 3 % 4 + 1], 1, n, n, 'EUR', true, false, 1, '', '', n % 19 <> 0
    FROM (
        -- Two shops number their orders alike.
        SELECT n, (ARRAY['webshop', 'outlet'])[n / 100 % 2 + 1] AS vendor,
            date '2025-11-20' + n / 2 * 7 % 140 + CASE WHEN n % 6 = 1 THEN 1 WHEN n % 6 = 3 THEN 40 ELSE 0 END AS day
        FROM generate_series(1, 400) AS n
    ) AS f;";

/// The values of a group's dimensions.
type Key = Vec<Option<String>>;
/// Records, euro, pieces and orders of a group.
type Group = (i64, Decimal, Decimal, i64);

struct World {
    database: TestDatabase,
    seeded: Seeded,
}

impl World {
    async fn new() -> Self {
        let database = TestDatabase::new().await;
        let seeded = database.seed("aveline").await;
        let world = Self { database, seeded };
        world.admin(&FIGURES.replace("{org}", &world.seeded.org.to_string())).await;
        world.database.sum_up(world.seeded.org).await;
        world
    }

    async fn admin(&self, statement: &str) {
        sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(self.database.admin()).await.unwrap();
    }

    /// A viewer with these rules about rows.
    async fn limited(&self, rules: &[(&str, &str)]) -> Uuid {
        let user = self.database.principal(self.seeded.org, "viewer").await.user_id;
        for (columns, values) in rules {
            let org = self.seeded.org;
            self.admin(&format!(
                "INSERT INTO policies (org_id, name, user_id, {columns}) VALUES ('{org}', '{columns}', '{user}', {values})"
            ))
            .await;
        }
        user.0
    }
}

/// What the rows say that this transaction sees.
async fn of_rows(tenant: &mut Tenant, analysis: &Analysis) -> BTreeMap<Key, Group> {
    let column = |dimension: &Dimension| match dimension {
        Dimension::Day => "counts_on".to_owned(),
        Dimension::Product => "product_ean".to_owned(),
        time if time.is_time() => format!("date_trunc('{}', counts_on)::date", time.as_str()),
        other => other.as_str().to_owned(),
    };
    let key: Vec<String> =
        analysis.by.iter().map(|dimension| format!("({})::text", column(dimension))).collect();
    let mut conditions = vec!["true".to_owned()];
    conditions.extend(analysis.from.map(|day| format!("counts_on >= '{day}'")));
    conditions.extend(analysis.to.map(|day| format!("counts_on <= '{day}'")));
    for filter in &analysis.filters {
        let values: Vec<String> = filter.values.iter().flatten().map(|value| format!("'{value}'")).collect();
        conditions.push(format!("{} IN ({})", column(&filter.dimension), values.join(", ")));
    }
    let grouped = if key.is_empty() { "" } else { "GROUP BY 1" };
    let query = format!(
        "SELECT ARRAY[{}]::text[], count(*), coalesce(sum(amount_eur), 0), coalesce(sum(quantity), 0),
             count(DISTINCT (s.vendor, order_id)) FILTER (WHERE channel = 'online' AND line_class <> 'return')
         FROM sales s LEFT JOIN products p ON p.org_id = s.org_id AND p.ean = s.product_ean WHERE {} {grouped}",
        key.join(", "),
        conditions.join(" AND "),
    );
    let rows = sqlx::query(AssertSqlSafe(query)).fetch_all(&mut **tenant).await.unwrap();
    let group = |row: &PgRow| (row.get(0), (row.get(1), row.get(2), row.get(3), row.get(4)));
    rows.iter().map(group).collect()
}

fn analyses() -> Vec<Analysis> {
    use Dimension::{
        Category, Channel, Country, Currency, Day, LineClass, Month, Product, Quarter, Size, Store,
        StoreKind, Vendor, Week, Year,
    };
    let bys: [&[Dimension]; 16] = [
        &[],
        &[Vendor],
        &[Month, Channel],
        &[Year, Country],
        &[Quarter, Currency],
        &[Day],
        &[Week, LineClass],
        &[Store],
        &[Store, Month],
        &[StoreKind, Day],
        &[Product],
        &[Category, Month],
        &[Size, Vendor],
        &[Store, Category],
        &[Product, Week],
        &[Vendor, Store, Day],
    ];
    let day = |text: &str| text.parse::<NaiveDate>().ok();
    let spans = [
        (None, None),
        (day("2025-12-01"), day("2026-02-28")),
        (day("2025-12-02"), day("2026-03-17")),
        (day("2026-01-10"), day("2026-01-20")),
        (day("2026-02-03"), None),
        (None, day("2026-01-30")),
    ];
    let filter =
        |dimension, value: &str| Filter::new(dimension, vec![Some(value.to_owned())], false).unwrap();
    let filters = [
        vec![],
        vec![filter(Store, "Paris")],
        vec![filter(Vendor, "webshop"), filter(Country, "DE")],
        vec![filter(LineClass, "sale")],
        vec![filter(Category, "Candle")],
    ];
    let mut analyses = Vec::new();
    for by in bys {
        for (from, to) in spans {
            for filters in &filters {
                let asked = Analysis::of(&[Metric::RevenueEur, Metric::Units, Metric::Orders]);
                analyses.push(Analysis { by: by.to_vec(), from, to, filters: filters.clone(), ..asked });
            }
        }
    }
    analyses
}

#[tokio::test]
async fn everybody_gets_what_their_rows_add_up_to_from_whatever_sums() {
    let world = World::new().await;
    assert_eq!(rollup_differences(world.database.admin(), world.seeded.org).await, 0);
    let subjects = [
        world.seeded.owner.0,
        world.limited(&[]).await,
        world.limited(&[("stores", "'{London,Web}'")]).await,
        world.limited(&[("vendors, countries", "'{liberty,webshop}', '{GB,DE}'")]).await,
        world.limited(&[("vendors", "'{boxnox}'"), ("stores", "'{Paris,Outlet}'")]).await,
        world.limited(&[("vendors", "'{nobody}'")]).await,
    ];
    let mut seen = Vec::new();
    for (number, subject) in subjects.into_iter().enumerate() {
        let mut tenant =
            world.database.app().tenant(Caller { org: world.seeded.org, subject }).await.unwrap();
        // The owner asks for all of them, each of the others for a seventh, which meets every dimension, span and filter.
        for analysis in analyses().into_iter().skip(number).step_by(if number == 0 { 1 } else { 7 }) {
            let expected = of_rows(&mut tenant, &analysis).await;
            let groups = analytics::groups(&mut tenant, &analysis).await.unwrap();
            let said: BTreeMap<_, Group> = groups
                .into_iter()
                .map(|group| {
                    let sums = group.sums;
                    (group.key, (sums.records, sums.euro, sums.quantity, sums.orders))
                })
                .collect();
            assert_eq!(said, expected, "{subject} asks for {analysis:?}");
        }
        seen.push(of_rows(&mut tenant, &Analysis::of(&[])).await[&vec![]].0);
    }
    // They do not all see the same, and one sees nothing.
    assert!(
        seen[0] == seen[1] && seen[2..5].iter().all(|rows| (1..seen[0]).contains(rows)) && seen[5] == 0,
        "{seen:?}"
    );
}

#[tokio::test]
async fn the_days_of_sales_are_exact_where_they_are_asked_for() {
    let world = World::new().await;
    let mut tenant = world.database.app().system(world.seeded.org).await.unwrap();
    let asked = Analysis { by: vec![Dimension::Vendor], ..Analysis::of(&[Metric::RevenueEur]) };
    let days: Vec<(String, NaiveDate, NaiveDate)> = sqlx::query_as(
        "SELECT vendor, min(counts_on), max(counts_on) FROM sales WHERE line_class <> 'return' GROUP BY 1 ORDER BY 1",
    )
    .fetch_all(&mut *tenant)
    .await
    .unwrap();
    let groups = analytics::dated_groups(&mut tenant, &asked).await.unwrap();
    let said: Vec<_> = groups
        .iter()
        .map(|group| (group.key[0].clone().unwrap(), group.sums.first.unwrap(), group.sums.last.unwrap()))
        .collect();
    assert_eq!(said, days);
    // Months do not know them, and do not pretend to.
    let undated = analytics::groups(&mut tenant, &asked).await.unwrap();
    assert!(undated.iter().all(|group| group.sums.first.is_none() && group.sums.last.is_none()));
}
