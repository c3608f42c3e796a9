//! The rules, one by one.

use gate::{Asker, check};

use crate::{OWN, accepted, asker, gated, refused};

#[test]
fn what_analysts_write_is_accepted() {
    for sql in [
        "SELECT (SELECT SUM(sales_eur) FROM sellout_entries) + (SELECT SUM(sales_eur) FROM ecommerce_orders) AS total",
        "SELECT functional_name, SUM(sales_eur) FROM ecommerce_orders GROUP BY 1 ORDER BY 2 DESC LIMIT 10",
        "SELECT SUM(sales_eur) FROM ecommerce_orders WHERE order_date >= date_trunc('month', CURRENT_DATE)
            AND order_date < date_trunc('month', CURRENT_DATE) + INTERVAL '1 month'",
        "SELECT SUM(sales_eur - cost_of_goods - payment_fee) / NULLIF(SUM(sales_eur), 0) * 100 FROM ecommerce_orders
            WHERE cost_of_goods IS NOT NULL",
        "SELECT COALESCE(utm_source, 'direct') AS source, COUNT(DISTINCT order_id), AVG(sales_eur) FROM ecommerce_orders GROUP BY 1",
        "SELECT CASE WHEN month <= 3 THEN 'Q1' WHEN month <= 6 THEN 'Q2' ELSE 'later' END AS q, SUM(sales_eur) FROM sales GROUP BY 1",
        "WITH latest AS (SELECT product_ean, year, month, SUM(sales_eur) AS s,
            ROW_NUMBER() OVER (PARTITION BY product_ean ORDER BY year DESC, month DESC) AS rn FROM sales GROUP BY 1, 2, 3)
            SELECT a.product_ean, a.s - b.s AS change FROM latest a JOIN latest b ON a.product_ean = b.product_ean
            AND a.rn = 1 AND b.rn = 2 WHERE a.s < b.s",
        "SELECT product_ean, STDDEV(sales_eur / quantity) FROM sales WHERE quantity <> 0 GROUP BY product_ean",
        "SELECT product_ean, make_date(MIN(year * 100 + month) / 100, MIN(year * 100 + month) % 100, 1) AS launch FROM sales GROUP BY 1",
        "SELECT p.functional_name FROM products p WHERE NOT EXISTS (SELECT 1 FROM sales s
            WHERE s.product_ean = p.product_ean AND s.day >= CURRENT_DATE - INTERVAL '6 months')",
        "SELECT c.day, SUM(o.sales_eur) OVER (ORDER BY c.day ROWS BETWEEN 6 PRECEDING AND CURRENT ROW) FROM calendar c
            LEFT JOIN LATERAL (SELECT SUM(sales_eur) AS sales_eur FROM ecommerce_orders e WHERE e.day = c.day) o ON true",
        "SELECT d::date, COUNT(o.id) FROM generate_series(DATE '2025-01-01', DATE '2025-12-01', INTERVAL '1 month') AS d
            LEFT JOIN ecommerce_orders o ON date_trunc('month', o.order_date) = d GROUP BY 1 ORDER BY 1",
        "SELECT SUM(sales_eur) FILTER (WHERE channel = 'online') AS online, SUM(sales_eur) FILTER (WHERE channel <> 'online') FROM sales",
        "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY sales_eur) FROM sales",
        "SELECT string_agg(DISTINCT reseller, ', ' ORDER BY reseller) FROM sellout_entries2",
        "SELECT year, SUM(sales_eur), LAG(SUM(sales_eur), 12) OVER (ORDER BY year) FROM sales GROUP BY year HAVING SUM(sales_eur) > 0",
        "SELECT to_char(day, 'YYYY-MM') AS m, year::text || '-' || LPAD(month::text, 2, '0') FROM sales GROUP BY 1, 2",
        "SELECT * FROM sales WHERE functional_name ILIKE '%bbgot100%' AND store SIMILAR TO '(Flag|City)%' AND city ~* '^lon'",
        "SELECT reseller FROM sellout_entries EXCEPT SELECT reseller FROM resellers ORDER BY reseller",
        "SELECT reporting.sales.sales_eur, s2.* FROM reporting.sales JOIN reporting.stores AS s2 USING (store)",
        "SELECT g FROM generate_series(1, 12) g",
        "SELECT EXTRACT(DOW FROM day), EXTRACT(EPOCH FROM MAX(order_date) - MIN(order_date)) FROM ecommerce_orders GROUP BY day",
        "SELECT (array_agg(functional_name ORDER BY sales_eur DESC))[1] FROM sales",
        "SELECT POWER(SUM(sales_eur) / 100, 1.0 / 3) - 1, ROUND(EXP(AVG(LN(sales_eur))), 2) FROM sales WHERE sales_eur > 0",
        "SELECT sub.year FROM (SELECT year, COUNT(*) FROM sales GROUP BY year) AS sub WHERE sub.count > 3",
        "SELECT DISTINCT sales.year FROM sales ORDER BY sales.year DESC FETCH FIRST 3 ROWS WITH TIES",
        "TABLE resellers",
        "SELECT now() - INTERVAL '2' MONTH, make_interval(months => 3), TIMESTAMP '2025-01-01' AT TIME ZONE 'UTC'",
        "SELECT COUNT(DISTINCT (year, month)), GREATEST(1, 2), 5 IN (1, 2), 3 BETWEEN 1 AND 4, 2 IS DISTINCT FROM 3 FROM sales",
        "SELECT SUBSTRING(store FROM 1 FOR 3), POSITION('a' IN store), TRIM(BOTH ' ' FROM store), OVERLAY(store PLACING 'x' FROM 1) FROM sales",
        "SELECT format('%s of %s', year, month), concat_ws('-', year, month), initcap(store) FROM sales",
        "SELECT (DATE '2025-01-01', DATE '2025-02-01') OVERLAPS (period_start, period_end) FROM sellout_entries",
        "SELECT month FROM (SELECT month, SUM(sales_eur) FROM sales GROUP BY month) AS month",
    ] {
        let once = accepted(sql);
        assert_eq!(accepted(&once), once, "{sql}");
    }
}

#[test]
fn what_reads_or_does_anything_else_is_refused() {
    for (sql, code) in [
        ("", "sql_empty"),
        ("SELECT 1; SELECT 2", "sql_not_one_statement"),
        ("UPDATE products SET sku = ''", "sql_not_a_select"),
        ("SELECT * FROM (DELETE FROM products RETURNING *) x", "sql_syntax"),
        ("SELECT 'a\0b'", "sql_syntax"),
        ("SELECT * FROM public.sales", "sql_relation_unknown"),
        ("SELECT * FROM other.reporting.sales", "sql_relation_unknown"),
        ("SELECT * FROM pg_catalog.pg_class", "sql_relation_unknown"),
        ("SELECT current_setting('app.tenant')", "sql_function_not_allowed"),
        ("SELECT reporting.sum(1)", "sql_function_not_allowed"),
        ("SELECT s.row_to_json FROM sales s", "sql_column_unknown"),
        ("SELECT (s).sales_eur FROM sales s", "sql_whole_row"),
        ("SELECT s FROM sales s", "sql_whole_row"),
        ("SELECT count(s.*) FROM sales s", "sql_whole_row"),
        ("SELECT count(sales) FROM sales", "sql_whole_row"),
        ("SELECT x.text FROM (SELECT year FROM sales) x", "sql_column_unknown"),
        ("SELECT coalesce(x, x) FROM (SELECT year FROM sales) x", "sql_whole_row"),
        ("SELECT ts_stat('select 1')", "sql_function_not_allowed"),
        ("SELECT query_to_xml('select 1', true, true, '')", "sql_function_not_allowed"),
        ("SELECT U&\"que\\0072y_to_xml\"('select 1', true, true, '')", "sql_function_not_allowed"),
        ("SELECT * FROM sales, pg_sleep(10)", "sql_function_not_allowed"),
        ("SELECT * FROM sales TABLESAMPLE SYSTEM (1)", "sql_construct_not_allowed"),
        ("SELECT CURRENT_USER", "sql_construct_not_allowed"),
        ("SELECT 'x'::regclass", "sql_type_not_allowed"),
        ("SELECT store::pg_catalog.regtype FROM sales", "sql_type_not_allowed"),
        ("SELECT 1 OPERATOR(pg_catalog.+) 2", "sql_operator_not_allowed"),
        ("SELECT '{}' -> 'a'", "sql_operator_not_allowed"),
        ("SELECT year FROM sales ORDER BY year USING <", "sql_construct_not_allowed"),
        ("SELECT year FROM sales LIMIT (SELECT 1)", "sql_construct_not_allowed"),
        ("SELECT store COLLATE \"C\" FROM sales", "sql_construct_not_allowed"),
        ("SELECT $1", "sql_construct_not_allowed"),
        ("SELECT lpad('a', 1000000000)", "sql_argument_not_allowed"),
        ("SELECT store ~ city FROM sales", "sql_argument_not_allowed"),
        ("SELECT 1e100000", "sql_argument_not_allowed"),
        (
            "WITH RECURSIVE t (s) AS (SELECT 'a' UNION ALL SELECT s || s FROM t) SELECT max(length(s)) FROM t",
            "sql_argument_not_allowed",
        ),
        (
            "SELECT string_agg(x, '') FROM (SELECT string_agg(store, '') AS x FROM sales GROUP BY year) y",
            "sql_argument_not_allowed",
        ),
    ] {
        assert_eq!(refused(sql), code, "{sql}");
    }
    assert_eq!(refused(&format!("SELECT '{}'", "x".repeat(20_000))), "sql_too_long");
    assert_eq!(refused(&format!("SELECT 1{}", " + 1".repeat(300))), "sql_too_complex");
    assert_eq!(refused(&format!("SELECT 1{}", ", 1".repeat(3_000))), "sql_too_complex");
}

#[test]
fn a_name_of_with_is_what_postgresql_takes_it_for() {
    // It hides the view where it is in sight, and only there.
    let hides = accepted("WITH products AS (SELECT 1 AS x) SELECT x FROM products");
    assert!(!hides.contains("reporting."), "{hides}");
    let reads = accepted("WITH products AS (SELECT sku FROM products) SELECT sku FROM products");
    assert_eq!(reads.matches("FROM reporting.products").count(), 1, "{reads}");
    let beside = accepted(
        "SELECT sku FROM (WITH products AS (SELECT '1' AS sku) SELECT sku FROM products) a UNION SELECT sku FROM products",
    );
    assert_eq!(beside.matches("FROM reporting.products").count(), 1, "{beside}");
    let qualified = accepted("WITH products AS (SELECT 1 AS x) SELECT sku FROM reporting.products");
    assert!(qualified.contains("FROM reporting.products WHERE tenant_id"), "{qualified}");
    for sql in [
        "WITH users AS (SELECT * FROM users) SELECT * FROM users",
        "WITH a AS (SELECT * FROM b), b AS (SELECT 1) SELECT * FROM a",
        "WITH x AS (WITH users AS (SELECT 1) SELECT * FROM users) SELECT * FROM users",
        "(WITH users AS (SELECT 1 AS x) SELECT x FROM users) UNION ALL SELECT password_hash FROM users",
        "WITH users AS (SELECT 1 AS x) SELECT * FROM public.users",
    ] {
        assert_eq!(refused(sql), "sql_relation_unknown", "{sql}");
    }
    assert_eq!(refused("WITH products AS (SELECT 1 AS x) SELECT sku FROM products"), "sql_column_unknown");
}

#[test]
fn every_view_is_read_through_its_tenant() {
    let sql = accepted(
        "SELECT a.year FROM sales a, (SELECT year FROM sellout_entries) b WHERE a.year IN (SELECT year FROM ecommerce_orders)",
    );
    let key = format!("WHERE tenant_id = '{OWN}'::uuid)");
    assert_eq!(sql.matches("FROM reporting.").count(), 3);
    assert_eq!(sql.matches(&key).count(), 3, "{sql}");
    // What names another tenant, or says more than ours would, is no key.
    for inner in [
        "SELECT year FROM reporting.sales WHERE tenant_id = '00000000-0000-0000-0000-00000000000b'::uuid"
            .to_owned(),
        format!("SELECT year FROM reporting.sales WHERE tenant_id = '{OWN}'::uuid OR true"),
        format!("SELECT year FROM reporting.sales, reporting.products WHERE tenant_id = '{OWN}'::uuid"),
        format!("SELECT year + 1 AS year FROM reporting.sales WHERE tenant_id = '{OWN}'::uuid"),
    ] {
        let sql = accepted(&format!("SELECT year FROM ({inner}) sales"));
        assert!(
            sql.contains(&format!("FROM (SELECT tenant_id, year FROM reporting.sales {key} sales"))
                || sql.contains(&format!("FROM (SELECT year, tenant_id FROM reporting.sales {key} sales")),
            "{sql}"
        );
    }
}

#[test]
fn one_row_more_than_is_shown_is_asked_for() {
    for (sql, limit) in [
        ("SELECT 1", "LIMIT 1001"),
        ("SELECT 1 LIMIT 5", "LIMIT 5"),
        ("SELECT 1 LIMIT 5000", "LIMIT 1001"),
        ("SELECT 1 LIMIT 99999999999", "LIMIT 1001"),
        ("SELECT 1 LIMIT ALL", "LIMIT 1001"),
        ("SELECT 1 UNION ALL SELECT 2 LIMIT 7 OFFSET 2", "LIMIT 7 OFFSET 2"),
        ("VALUES (1), (2)", "LIMIT 1001"),
    ] {
        assert!(accepted(sql).ends_with(limit), "{}", accepted(sql));
    }
}

#[test]
fn costs_are_for_who_may_read_them() {
    let without = Asker { costs: false, ..asker() };
    let refusal = check("SELECT sum(cost_of_goods) FROM ecommerce_orders", &without).unwrap_err();
    assert_eq!(refusal.code(), "sql_costs_not_allowed");
    let all = check("SELECT * FROM ecommerce_orders", &without).unwrap();
    assert!(!all.sql().contains("cost_of_goods"), "{}", all.sql());
    assert!(accepted("SELECT * FROM ecommerce_orders").contains("cost_of_goods"));
}

#[test]
fn refusals_are_sentences_that_repeat_nothing_but_short_names() {
    let long = format!("SELECT \"{}\u{7}\" FROM sales", "n".repeat(500));
    for sql in [long.as_str(), "SELECT * FROM \"a\nb\"", "SELEC 1", "SELECT 1 +"] {
        let sentence = gated(sql).unwrap_err().to_string();
        assert!(sentence.len() < 250 && !sentence.contains(char::is_control), "{sentence}");
        assert!(!sentence.contains("near") && !sentence.contains("syntax error"), "{sentence}");
    }
}
