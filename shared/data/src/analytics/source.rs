//! Where the sums of an analysis are read from: the smallest of the tables that can say what is asked.

use chrono::{Datelike as _, Days, Months, NaiveDate};
use domain::{
    OrgId,
    metrics::{Analysis, Dimension},
};

use super::statement::Statement;

/// What all sums have, and what order lines and rows have as well.
const COLUMNS: &str = "org_id, vendor, counts_on, channel, store, store_kind, product_ean, currency, country, line_class,
            records, quantity, with_quantity, amount_local, with_amount, amount_eur, with_euro, unconverted, paired_quantity, paired_eur";

/// Rows as if each were summed up by itself: for dimensions that the rollup does not have.
const ROWS: &str = "(
        SELECT org_id, vendor, counts_on, channel, store, store_kind, product_ean, currency, country, city, line_class,
            1 AS records, coalesce(quantity, 0) AS quantity, num_nonnulls(quantity) AS with_quantity,
            coalesce(amount_local, 0) AS amount_local, num_nonnulls(amount_local) AS with_amount,
            coalesce(amount_eur, 0) AS amount_eur, num_nonnulls(amount_eur) AS with_euro,
            (amount_local IS NOT NULL AND amount_eur IS NULL)::integer AS unconverted,
            CASE WHEN amount_eur IS NULL THEN 0 ELSE coalesce(quantity, 0) END AS paired_quantity,
            CASE WHEN quantity IS NULL THEN 0 ELSE coalesce(amount_eur, 0) END AS paired_eur
        FROM sales
    )";

/// Order lines, which say more than other rows.
pub(super) const LINES: &str = "(
        SELECT o.org_id, o.id, o.vendor, o.order_id, counts_on, 'online' AS channel, coalesce(known.name, o.store) AS store,
            coalesce(known.kind, o.store_kind) AS store_kind, product_ean, currency,
            coalesce(known.country, o.country) AS country, coalesce(known.city, o.city) AS city, line_class,
            utm_source, utm_medium, utm_campaign, device, buyer, CASE WHEN currency = 'EUR' THEN 1 ELSE rate END AS rate,
            1 AS records, coalesce(quantity, 0) AS quantity, num_nonnulls(quantity) AS with_quantity,
            coalesce(amount_local, 0) AS amount_local, num_nonnulls(amount_local) AS with_amount,
            coalesce(amount_eur, 0) AS amount_eur, num_nonnulls(amount_eur) AS with_euro,
            (amount_local IS NOT NULL AND amount_eur IS NULL)::integer AS unconverted,
            CASE WHEN amount_eur IS NULL THEN 0 ELSE coalesce(quantity, 0) END AS paired_quantity,
            CASE WHEN quantity IS NULL THEN 0 ELSE coalesce(amount_eur, 0) END AS paired_eur
        FROM ecommerce_orders o LEFT JOIN stores known ON known.org_id = o.org_id AND known.id = o.store_id
        WHERE o.active
    )";

/// Orders that cannot be added up, by where they are.
pub(super) const SPREAD: &str = "(SELECT *, 'online' AS channel FROM spread_orders)";

/// What sums are read from.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// A table, or a query in parentheses.
    Table(&'static str),
    /// Levels, and the rollup itself for days that no level tells apart.
    Parts(Vec<Part>),
}

/// Sums of some days; all parts of a source together have each day once, whoever looks.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// `None`: of the rollup itself.
    level: Option<Level>,
    days: Range,
    /// Who reads it: `Some(true)` whoever sees all rows, `Some(false)` whoever is limited to some, and has to read sums that
    /// know of stores.
    sees_all: Option<bool>,
}

/// As in the table `sales_levels`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Day = 1,
    Month = 2,
    StoreDay = 3,
    StoreMonth = 4,
    ProductMonth = 5,
}

/// First and last day, both inclusive.
type Range = (Option<NaiveDate>, Option<NaiveDate>);

impl Source {
    /// The smallest one that has every dimension asked for. `dated`: the very days of sales are wanted, too.
    pub(super) fn of(analysis: &Analysis, dated: bool) -> Self {
        if analysis.uses(Dimension::is_of_orders) {
            return Self::Table(LINES);
        }
        if analysis.uses(|dimension| dimension == Dimension::City) {
            return Self::Table(ROWS);
        }
        let products = analysis.uses(|dimension| {
            matches!(dimension, Dimension::Product | Dimension::Category | Dimension::Size)
        });
        let stores = analysis.sellers.is_some() || analysis.uses(|dimension| dimension == Dimension::Store);
        let by_day =
            dated || analysis.uses(|dimension| matches!(dimension, Dimension::Day | Dimension::Week));
        let asked = (analysis.from, analysis.to);
        let (months, rest) = if by_day { (None, vec![asked]) } else { whole_months(asked) };
        let parts = |month: Level, day: Option<Level>, sees_all: Option<bool>| {
            let whole = months.map(|days| Part { level: Some(month), days, sees_all });
            whole.into_iter().chain(rest.iter().map(move |days| Part { level: day, days: *days, sees_all }))
        };
        match (products, stores) {
            (false, true) => Self::Parts(parts(Level::StoreMonth, Some(Level::StoreDay), None).collect()),
            (false, false) => Self::Parts(
                parts(Level::Month, Some(Level::Day), Some(true))
                    .chain(parts(Level::StoreMonth, Some(Level::StoreDay), Some(false)))
                    .collect(),
            ),
            (true, false) if months.is_some() => {
                let limited = Part { level: None, days: asked, sees_all: Some(false) };
                Self::Parts(parts(Level::ProductMonth, None, Some(true)).chain([limited]).collect())
            }
            (true, _) => Self::Table("sales_rollup"),
        }
    }

    /// Whether its column `orders` counts the orders that can be added up.
    pub(super) fn counts_orders(&self) -> bool {
        match self {
            Self::Table(_) => false,
            Self::Parts(parts) => {
                parts.iter().all(|part| part.level.is_some_and(|level| level != Level::ProductMonth))
            }
        }
    }

    /// Writes it as what stands after FROM.
    pub(super) fn push(&self, statement: &mut Statement, org: OrgId) {
        let parts = match self {
            Self::Table(table) => {
                statement.push(*table);
                return;
            }
            Self::Parts(parts) => parts,
        };
        let mut before = "(";
        for part in parts {
            statement.push(before);
            part.push(statement, org);
            before = " UNION ALL ";
        }
        statement.push(")");
    }
}

impl Part {
    fn push(&self, statement: &mut Statement, org: OrgId) {
        statement.push(format_args!("\n        SELECT {COLUMNS}, "));
        match self.level {
            Some(level) => {
                statement.push("orders FROM sales_levels WHERE org_id = ").push_bind(org.0);
                statement.push(format_args!(" AND level = {}", level as i16));
            }
            None => {
                statement.push("0::bigint AS orders FROM sales_rollup WHERE org_id = ").push_bind(org.0);
            }
        }
        if let Some(from) = self.days.0 {
            statement.push(" AND counts_on >= ").push_bind(from);
        }
        if let Some(to) = self.days.1 {
            statement.push(" AND counts_on <= ").push_bind(to);
        }
        // Decided once and by the database: the other half is not read at all.
        match self.sees_all {
            Some(true) => statement.push(" AND (SELECT wall.sees_all())"),
            Some(false) => statement.push(" AND NOT (SELECT wall.sees_all())"),
            None => statement,
        };
    }
}

/// The whole months among some days, and what is left before and after them.
fn whole_months((from, to): Range) -> (Option<Range>, Vec<Range>) {
    let first = from.map(|day| if day.day() == 1 { Some(day) } else { next_month(day) });
    let last = to.map(|day| match day.succ_opt() {
        Some(next) if next.day() == 1 => Some(day),
        _ => day.with_day(1).and_then(|first| first.pred_opt()),
    });
    let (first, last) = match (first, last) {
        // At the end of time.
        (Some(None), _) | (_, Some(None)) => return (None, vec![(from, to)]),
        (first, last) => (first.flatten(), last.flatten()),
    };
    if first.zip(last).is_some_and(|(first, last)| first > last) {
        return (None, vec![(from, to)]);
    }
    let before = first.filter(|first| from != Some(*first)).and_then(|first| first.pred_opt());
    let after = last.filter(|last| to != Some(*last)).and_then(|last| last.checked_add_days(Days::new(1)));
    let rest = [before.map(|day| (from, Some(day))), after.map(|day| (Some(day), to))];
    (Some((first, last)), rest.into_iter().flatten().collect())
}

fn next_month(day: NaiveDate) -> Option<NaiveDate> {
    day.with_day(1)?.checked_add_months(Months::new(1))
}

#[cfg(test)]
mod tests;
