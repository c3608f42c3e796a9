//! An analysis as SQL: the one place where metrics, dimensions and filters become a statement.

use domain::{
    OrgId,
    metrics::{Analysis, Dimension, Filter, Formula, Measure, Metric, Order},
};
use sqlx::{Postgres, QueryBuilder, types::Uuid};

use super::source::{LINES, SPREAD, Source};

pub(super) type Statement = QueryBuilder<Postgres>;

/// What is summed up, over the columns that all sources have.
const SUMS: &str = "coalesce(sum(s.records), 0)::bigint AS records,
    coalesce(sum(s.amount_eur), 0) AS euro, coalesce(sum(s.with_euro), 0)::bigint AS with_euro,
    coalesce(sum(s.unconverted), 0)::bigint AS unconverted,
    coalesce(sum(s.amount_local), 0) AS local, coalesce(sum(s.with_amount), 0)::bigint AS with_local,
    count(DISTINCT s.currency) FILTER (WHERE s.with_amount > 0) AS currencies,
    max(s.currency) FILTER (WHERE s.with_amount > 0) AS currency,
    coalesce(sum(s.quantity), 0) AS quantity, coalesce(sum(s.with_quantity), 0)::bigint AS with_quantity,
    coalesce(sum(s.amount_eur) FILTER (WHERE s.line_class = 'return'), 0) AS returns_euro,
    coalesce(sum(s.paired_eur), 0) AS paired_euro, coalesce(sum(s.paired_quantity), 0) AS paired_quantity,
    coalesce(sum(s.records) FILTER (WHERE s.channel = 'online'), 0)::bigint AS order_lines,
    coalesce(sum(s.amount_eur) FILTER (WHERE s.channel = 'online'), 0) AS order_euro,
    coalesce(sum(s.unconverted) FILTER (WHERE s.channel = 'online'), 0)::bigint AS unconverted_orders,
    coalesce(sum(s.quantity) FILTER (WHERE s.channel = 'online'), 0) AS order_quantity";

/// The days of sales, where they are asked for: months do not know them.
const DAYS: &str = "min(s.counts_on) FILTER (WHERE s.line_class <> 'return') AS first,
    max(s.counts_on) FILTER (WHERE s.line_class <> 'return') AS last";
const NO_DAYS: &str = "NULL::date AS first, NULL::date AS last";

/// Orders that can be added up.
const ALONE: &str = "coalesce(sum(s.orders), 0)::bigint AS alone";

/// Distinct orders, of which returns are no part.
const ORDERS: &str =
    "count(DISTINCT (s.vendor, s.order_id)) FILTER (WHERE s.line_class <> 'return') AS orders";

/// Distinct buyers of these orders.
const BUYERS: &str = "count(DISTINCT s.buyer) FILTER (WHERE s.line_class <> 'return') AS buyers,
    count(s.buyer) FILTER (WHERE s.line_class <> 'return') AS with_buyer";

/// Over lines whose cost and euro amount are known.
const COSTS: &str = "count(*) AS costed_lines, round(sum(c.cost_of_goods * s.rate), 8) AS cost_euro,
    round(coalesce(sum(c.payment_fee * s.rate), 0), 8) AS fees_euro,
    round(sum(s.amount_eur - c.cost_of_goods * s.rate - coalesce(c.payment_fee, 0) * s.rate), 8) AS profit_euro,
    sum(s.amount_eur) AS costed_euro";

/// The groups with all sums of `domain::metrics::Sums`, their days only where `dated`; `before` begins the statement.
pub(super) fn of(before: &str, org: OrgId, analysis: &Analysis, dated: bool) -> Statement {
    let needs = |wanted: fn(Measure) -> bool| {
        let ordered = match analysis.order {
            Order::Group => None,
            Order::Highest(metric) | Order::Lowest(metric) => Some(metric),
        };
        analysis
            .metrics
            .iter()
            .copied()
            .chain(ordered)
            .any(|metric| measures(metric).into_iter().flatten().any(wanted))
    };
    let costs = needs(Measure::is_cost);
    let mut statement = Statement::new(format!("{before}WITH "));
    let days = if dated { DAYS } else { NO_DAYS };
    sums(&mut statement, org, analysis, &format!("{SUMS}, {days}"), dated, needs(Measure::counts_orders));
    if costs {
        statement.push("\n), costs AS (\n    ");
        let join = "JOIN ecommerce_costs AS c ON c.org_id = s.org_id AND c.id = s.id AND c.cost_of_goods IS NOT NULL \
                    AND s.with_euro > 0 ";
        select(&mut statement, org, analysis, COSTS, &Source::Table(LINES), join);
    }
    let buyers = needs(Measure::counts_buyers);
    if buyers {
        statement.push("\n), bought AS (\n    ");
        select(&mut statement, org, analysis, BUYERS, &Source::Table(LINES), "");
    }
    statement.push("\n)\nSELECT base.*");
    for (columns, of, asked) in [
        (&["cost_euro", "fees_euro", "profit_euro", "costed_euro"][..], "numeric", costs),
        (&["costed_lines"], "bigint", costs),
        (&["buyers", "with_buyer"], "bigint", buyers),
    ] {
        for column in columns {
            let value = if asked { *column } else { "NULL" };
            statement.push(format_args!(", coalesce({value}, 0)::{of} AS {column}"));
        }
    }
    statement.push("\nFROM base");
    for (with, asked) in [("costs", costs), ("bought", buyers)] {
        if asked {
            statement.push(format_args!(" LEFT JOIN {with} USING (key)"));
        }
    }
    order(&mut statement, analysis);
    statement
}

/// The groups as `base`, with their distinct orders where they are asked for: `base AS (…` without its end.
fn sums(statement: &mut Statement, org: OrgId, analysis: &Analysis, sums: &str, dated: bool, orders: bool) {
    let source = Source::of(analysis, dated);
    if !orders {
        statement.push("base AS (\n    ");
        return select(statement, org, analysis, &format!("{sums}, 0::bigint AS orders"), &source, "");
    }
    let (alone, counted) =
        if source.counts_orders() { (ALONE, SPREAD) } else { ("0::bigint AS alone", LINES) };
    statement.push("summed AS (\n    ");
    select(statement, org, analysis, &format!("{sums}, {alone}"), &source, "");
    statement.push("\n), counted AS (\n    ");
    select(statement, org, analysis, ORDERS, &Source::Table(counted), "");
    statement.push(
        "\n), base AS (
    SELECT summed.*, alone + coalesce(counted.orders, 0) AS orders FROM summed LEFT JOIN counted USING (key)",
    );
}

/// How many groups there are.
pub(super) fn count(org: OrgId, analysis: &Analysis) -> Statement {
    let mut statement = Statement::new("WITH base AS (\n    ");
    select(&mut statement, org, analysis, "1 AS one", &Source::of(analysis, false), "");
    statement.push("\n)\nSELECT count(*) FROM base");
    statement
}

/// What is without a rate, by vendor, currency and month: the dimensions of `analysis`.
pub(super) fn unconverted(org: OrgId, analysis: &Analysis) -> Statement {
    let mut statement = Statement::new("WITH base AS (\n    ");
    let sums = "sum(s.amount_local) FILTER (WHERE s.unconverted > 0) AS amount_local, sum(s.unconverted) AS unconverted";
    select(&mut statement, org, analysis, sums, &Source::of(analysis, false), "");
    statement.push(
        "\n)\nSELECT key[1] AS vendor, key[2] AS currency, key[3]::date AS month, amount_local FROM base
         WHERE unconverted > 0 ORDER BY key",
    );
    statement
}

/// The measures that a metric is made of.
fn measures(metric: Metric) -> [Option<Measure>; 2] {
    match metric.definition().formula {
        Formula::Sum(measure) => [Some(measure), None],
        Formula::Ratio { of, to, .. } => [Some(of), Some(to)],
        Formula::Never(_) => [None, None],
    }
}

/// `SELECT key, sums FROM source WHERE … GROUP BY …`
fn select(
    statement: &mut Statement,
    org: OrgId,
    analysis: &Analysis,
    sums: &str,
    source: &Source,
    join: &str,
) {
    let by: Vec<String> = analysis.by.iter().map(|dimension| column(*dimension)).collect();
    let key: Vec<String> = by.iter().map(|column| format!("{column}::text")).collect();
    statement.push(format_args!("SELECT ARRAY[{}]::text[] AS key, {sums}\n    FROM ", key.join(", ")));
    source.push(statement, org);
    statement.push(" AS s ").push(join);
    meant(statement, org, analysis);
    if !by.is_empty() {
        statement.push(format_args!("\n    GROUP BY {}", by.join(", ")));
    }
}

/// The joins and conditions of the rows that are meant, over a source `s`.
fn meant(statement: &mut Statement, org: OrgId, analysis: &Analysis) {
    if analysis.uses(|dimension| matches!(dimension, Dimension::Category | Dimension::Size)) {
        statement.push("LEFT JOIN products AS p ON p.org_id = s.org_id AND p.ean = s.product_ean ");
    }
    statement.push("\n    WHERE s.org_id = ").push_bind(org.0);
    if let Some(from) = analysis.from {
        statement.push(" AND s.counts_on >= ").push_bind(from);
    }
    if let Some(to) = analysis.to {
        statement.push(" AND s.counts_on <= ").push_bind(to);
    }
    for filter in &analysis.filters {
        matching(statement, filter);
    }
    if let Some(sellers) = &analysis.sellers {
        statement.push(" AND (s.vendor, coalesce(s.store, '')) IN (SELECT * FROM unnest(");
        statement.push_bind(sellers.iter().map(|(vendor, _)| vendor.clone()).collect::<Vec<_>>());
        statement.push(", ");
        statement.push_bind(
            sellers.iter().map(|(_, store)| store.clone().unwrap_or_default()).collect::<Vec<_>>(),
        );
        statement.push("))");
    }
}

/// How the price of a piece varies from row to row, by group; the most varied first.
pub(super) fn prices(org: OrgId, analysis: &Analysis) -> Statement {
    let by: Vec<String> = analysis.by.iter().map(|dimension| column(*dimension)).collect();
    let key: Vec<String> = by.iter().map(|column| format!("{column}::text")).collect();
    let price = "s.amount_eur / s.quantity";
    let mut statement = Statement::new(format!(
        "SELECT ARRAY[{}]::text[] AS key, round(avg({price}), 8) AS mean, round(stddev_samp({price}), 8) AS deviation, round(min({price}), 8) AS lowest,
             round(max({price}), 8) AS highest
         FROM ",
        key.join(", ")
    ));
    statement.push(sold(analysis)).push(" AS s ");
    meant(&mut statement, org, analysis);
    statement.push(" AND s.quantity <> 0 AND s.amount_eur <> 0");
    if !by.is_empty() {
        statement.push(format_args!(" GROUP BY {}", by.join(", ")));
    }
    statement.push(" ORDER BY deviation DESC NULLS LAST, key");
    statement
}

/// Rows that have every dimension asked for.
fn sold(analysis: &Analysis) -> &'static str {
    if analysis.uses(Dimension::is_of_orders) {
        "(SELECT v.*, o.utm_source, o.utm_medium, o.utm_campaign, o.device
          FROM sales AS v JOIN ecommerce_orders AS o ON o.org_id = v.org_id AND o.id = v.id)"
    } else {
        "sales"
    }
}

/// The rows behind an analysis, in the order they were booked.
pub(super) fn rows(org: OrgId, analysis: &Analysis, limit: u32, after: Option<Uuid>) -> Statement {
    let mut statement = Statement::new(
        "SELECT s.id, s.upload_id, s.vendor, s.store, s.product_ean, s.product_name, s.counts_on AS day, s.quantity, s.amount_local,
             s.currency, s.vat_included, s.amount_eur, s.line_class, s.order_id, s.source_sheet, s.source_row, s.source_column
         FROM ",
    );
    statement.push(sold(analysis)).push(" AS s ");
    meant(&mut statement, org, analysis);
    if let Some(after) = after {
        statement.push(" AND s.id > ").push_bind(after);
    }
    statement.push(" ORDER BY s.id LIMIT ").push_bind(i64::from(limit));
    statement
}

fn matching(statement: &mut Statement, filter: &Filter) {
    let column = column(filter.dimension);
    let values: Vec<String> = filter.values.iter().flatten().cloned().collect();
    let silent = filter.values.iter().any(Option::is_none);
    statement.push(format_args!(" AND ({column} = ANY ("));
    statement.push_bind(values);
    statement.push(format_args!(
        ") OR {column} IS NULL AND {silent}) IS {}TRUE",
        if filter.excluded { "NOT " } else { "" }
    ));
}

/// What a dimension is in SQL. Times are the first days of their spans.
fn column(dimension: Dimension) -> String {
    let truncated = |unit: &str| format!("date_trunc('{unit}', s.counts_on)::date");
    match dimension {
        Dimension::Day => "s.counts_on".to_owned(),
        Dimension::Week => truncated("week"),
        Dimension::Month => truncated("month"),
        Dimension::Quarter => truncated("quarter"),
        Dimension::Year => truncated("year"),
        Dimension::FiscalYear => {
            let begins = "make_interval(months => (SELECT fiscal_year_begins FROM organizations) - 1)";
            format!("(date_trunc('year', s.counts_on - {begins}) + {begins})::date")
        }
        Dimension::Product => "s.product_ean".to_owned(),
        Dimension::Category | Dimension::Size => format!("p.{}", dimension.as_str()),
        _ => format!("s.{}", dimension.as_str()),
    }
}

/// Nothing else than groups decides between equal figures, so that pages never overlap.
fn order(statement: &mut Statement, analysis: &Analysis) {
    statement.push("\nORDER BY ");
    match analysis.order {
        Order::Group => {}
        Order::Highest(metric) => {
            statement.push(format_args!("{} DESC NULLS LAST, ", figure(metric)));
        }
        Order::Lowest(metric) => {
            statement.push(format_args!("{} NULLS LAST, ", figure(metric)));
        }
    }
    statement.push("key");
    if let Some(limit) = analysis.limit {
        statement.push(" LIMIT ").push_bind(i64::from(limit));
        statement.push(" OFFSET ").push_bind(i64::from(analysis.offset));
    }
}

/// A metric over the columns of a group; what nobody reports comes last, as what cannot be divided.
fn figure(metric: Metric) -> String {
    match metric.definition().formula {
        Formula::Sum(measure) => measure.sql().to_owned(),
        Formula::Ratio { of, to, scale } => format!("{} * {scale} / nullif({}, 0)", of.sql(), to.sql()),
        Formula::Never(_) => "NULL::numeric".to_owned(),
    }
}
