//! Books small enough to be added up by hand, for the tests of every route.

use edge::http::{Reply, Request, RequestBuilder, Response, answer};
use edge::{ApiError, Principal};
use sqlx::AssertSqlSafe;
use testkit::{Seeded, TestDatabase};

use crate::Context;

const FIGURES: &str = "
    INSERT INTO uploads (id, org_id, file_name, size_bytes, source, object_key, stated_at, vendor)
        VALUES ('{upload}', '{org}', 'a.xlsx', 1, 'api', 'k', '2026-03-05T08:00:00Z', 'liberty');
    INSERT INTO vendors (org_id, key, name) VALUES ('{org}', 'liberty', 'Liberty'), ('{org}', 'boxnox', 'Boxnox'), ('{org}', 'webshop', 'Shop');
    INSERT INTO products (org_id, ean, sku, name, category, size, kind, active) VALUES
        ('{org}', '9529843000349', 'AVMM100', 'Marble Market', 'Perfume', '100', 'regular', true),
        ('{org}', '9529843000356', NULL, 'Augusta Noon', 'Candle', '220', 'regular', true);
    INSERT INTO sellout_entries (org_id, upload_id, vendor, cut, period_start, period_end, store, store_kind, country, product_ean,
        line_class, quantity, amount_local, currency, amount_eur, vat_included, source_row, key_hash, content_hash, active)
    SELECT '{org}', '{upload}', vendor, 'main', month, (month + interval '1 month')::date - 1, store, kind, country, ean, class,
        quantity, local, currency, eur, true, 1, '', '', counts
    FROM (VALUES
        ('boxnox', date '2025-02-01', 'Warsaw', 'physical', 'PL', '9529843000349', 'sale', 5, 450.00, 'EUR', 450.00, true),
        ('boxnox', '2026-01-01', 'Warsaw', 'physical', 'PL', '9529843000349', 'sale', 4, 400.00, 'EUR', 400.00, true),
        ('boxnox', '2026-02-01', 'Warsaw', 'physical', 'PL', '9529843000356', 'sale', 2, 150.00, 'EUR', 150.00, true),
        ('boxnox', '2026-02-01', 'Berlin', 'physical', 'DE', '9529843000349', 'sale', 1, 100.00, 'EUR', 100.00, true),
        -- Pieces only, of a product that nothing matches.
        ('boxnox', '2026-02-01', 'Warsaw', 'physical', 'PL', NULL, 'sale', 1, NULL, 'EUR', NULL, true),
        ('boxnox', '2026-02-01', 'Warsaw', 'physical', 'PL', '9529843000349', 'sale', 90, 9000.00, 'EUR', 9000.00, false),
        ('liberty', '2026-01-01', 'London', 'physical', 'GB', '9529843000349', 'sale', 2, 200.00, 'GBP', 230.00, true),
        ('liberty', '2026-02-01', 'London', 'physical', 'GB', '9529843000349', 'sale', 3, 300.00, 'GBP', 345.00, true),
        ('liberty', '2026-02-01', 'London', 'physical', 'GB', '9529843000349', 'return', -1, -100.00, 'GBP', -115.00, true),
        -- No rate is known.
        ('liberty', '2026-02-01', 'Online', 'online', 'GB', '9529843000356', 'sale', 1, 50.00, 'GBP', NULL, true)
    ) AS f (vendor, month, store, kind, country, ean, class, quantity, local, currency, eur, counts);
    INSERT INTO ecommerce_orders (id, org_id, upload_id, vendor, line_key, order_id, period_start, period_end, sale_date, country,
        city, product_ean, line_class, quantity, amount_local, amount_eur, currency, vat_included, is_gift, utm_source, device,
        source_row, key_hash, content_hash, active)
    SELECT uuidv7(), '{org}', '{upload}', 'webshop', key, order_id, day, day, day, 'DE', 'Berlin', ean, class, quantity, eur, eur,
        'EUR', true, false, utm, 'mobile', 1, '', '', true
    FROM (VALUES
        ('1', 'o1', date '2026-02-10', '9529843000349', 'sale', 1, 100.00, 'google'),
        ('2', 'o1', '2026-02-10', '9529843000356', 'sale', 1, 60.00, 'google'),
        ('3', 'o2', '2026-02-20', '9529843000349', 'sale', 2, 200.00, NULL),
        ('4', 'o1', '2026-02-25', '9529843000356', 'return', -1, -60.00, 'google')
    ) AS f (key, order_id, day, ean, class, quantity, eur, utm);
    INSERT INTO ecommerce_costs (org_id, id, cost_of_goods, payment_fee)
        SELECT org_id, id, 40 * quantity, 3 * quantity FROM ecommerce_orders WHERE org_id = '{org}' AND line_key IN ('1', '3');
    INSERT INTO reporting_periods (org_id, upload_id, vendor, cut, period_start, period_end, currency, version, stated_at,
        document_kind, records, quantity, change, active)
    SELECT '{org}', '{upload}', vendor, 'main', start, (start + interval '1 month')::date - 1, currency,
        CASE WHEN kind = 'snapshot' THEN 1 END, '2026-03-05T08:00:00Z', kind, 1, 1, 'new', true
    FROM (VALUES ('boxnox', date '2025-02-01', 'snapshot', 'EUR'), ('boxnox', '2026-01-01', 'snapshot', 'EUR'),
        ('boxnox', '2026-02-01', 'snapshot', 'EUR'), ('liberty', '2026-01-01', 'snapshot', 'GBP'),
        ('liberty', '2026-02-01', 'snapshot', 'GBP'), ('webshop', '2026-02-01', 'increment', 'USD'))
        AS p (vendor, start, kind, currency);";

/// An organisation with three vendors, two products and two orders, and a stranger with the same.
pub(crate) struct Books {
    pub(crate) database: TestDatabase,
    pub(crate) seeded: Seeded,
    /// Lives as long as the process, as in a function.
    pub(crate) context: &'static Context,
}

impl Books {
    pub(crate) async fn new() -> Self {
        let database = TestDatabase::new().await;
        let seeded = database.seed("aveline").await;
        let stranger = database.seed("stranger").await;
        for (org, upload) in [
            (seeded.org, "00000000-0000-7000-8000-000000000001"),
            (stranger.org, "00000000-0000-7000-8000-000000000002"),
        ] {
            let figures = FIGURES.replace("{org}", &org.to_string()).replace("{upload}", upload);
            sqlx::raw_sql(AssertSqlSafe(figures)).execute(database.admin()).await.unwrap();
            database.sum_up(org).await;
        }
        let context = Box::leak(Box::new(Context::new(database.app().clone())));
        Self { database, seeded, context }
    }

    /// Adds a vendor that reports its months, one after the other.
    pub(crate) async fn add_months(&self, vendor: &str, first: &str, revenue: &[i64]) {
        let org = self.seeded.org;
        let statement = format!(
            "WITH months AS (
                 SELECT (date '{first}' + make_interval(months => n::integer))::date AS start,
                     (date '{first}' + make_interval(months => n::integer + 1))::date - 1 AS last, amount
                 FROM unnest('{{{amounts}}}'::numeric[]) WITH ORDINALITY AS m (amount, ordinal), LATERAL (SELECT ordinal - 1) AS o (n)
             ), file AS (
                 INSERT INTO uploads (id, org_id, file_name, size_bytes, source, object_key, stated_at, vendor)
                 VALUES (uuidv7(), '{org}', '{vendor}.xlsx', 1, 'api', '{vendor}', '2026-03-05T08:00:00Z', '{vendor}') RETURNING id
             ), said AS (
                 INSERT INTO reporting_periods (org_id, upload_id, vendor, cut, period_start, period_end, currency, version,
                     stated_at, document_kind, records, quantity, change, active)
                 SELECT '{org}', file.id, '{vendor}', 'main', start, last, 'EUR', 1, '2026-03-05T08:00:00Z', 'snapshot', 1, 1,
                     'new', true FROM months, file
             )
             INSERT INTO sales_rollup (org_id, vendor, counts_on, channel, currency, line_class, records, quantity, with_quantity,
                 amount_local, with_amount, amount_eur, with_euro, unconverted, paired_quantity, paired_eur)
             SELECT '{org}', '{vendor}', last, 'retail', 'EUR', 'sale', 1, 1, 1, amount, 1, amount, 1, 0, 1, amount FROM months",
            amounts = revenue.iter().map(i64::to_string).collect::<Vec<_>>().join(","),
        );
        sqlx::raw_sql(AssertSqlSafe(statement)).execute(self.database.admin()).await.unwrap();
    }

    /// What a route answers this role.
    pub(crate) async fn ask<F>(
        &self,
        handle: impl FnOnce(&'static Context, Request) -> F,
        role: &str,
        path: &str,
    ) -> Response
    where
        F: Future<Output = Result<Reply, ApiError>>,
    {
        let principal = self.database.principal(self.seeded.org, role).await;
        self.ask_as(handle, &principal, path).await
    }

    pub(crate) async fn ask_as<F>(
        &self,
        handle: impl FnOnce(&'static Context, Request) -> F,
        principal: &Principal,
        path: &str,
    ) -> Response
    where
        F: Future<Output = Result<Reply, ApiError>>,
    {
        answer(self.context, handle, RequestBuilder::new("GET", path).principal(principal).build()).await
    }
}
