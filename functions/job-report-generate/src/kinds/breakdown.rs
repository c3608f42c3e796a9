//! Tables of figures by a dimension, beside those of the spans before.

use data::{
    Tenant,
    analytics::{self, Beside, Names},
};
use domain::{
    Currency,
    metrics::{Analysis, Dimension, Formula, Metric, Step, Sums},
};
use reporting::document::{Column, Table, TableHead, Total, Values};
use rust_decimal::Decimal;

use super::{
    Scope,
    compared::{Compared, reason},
};
use crate::make::Fault;

/// Most groups that a report compares: beyond it, its table would be no list of anything that is sold.
pub(super) const GROUPS_MAX: u32 = 200_000;

/// The groups of a report by some dimensions, highest revenue first.
pub(super) struct Breakdown {
    by: Vec<Dimension>,
    pub(super) rows: Vec<Beside<3>>,
    names: Names,
}

impl Breakdown {
    /// # Errors
    /// When the database fails, or the books have more groups than a report takes.
    pub(super) async fn load(
        tenant: &mut Tenant,
        scope: &Scope,
        analysis: &Analysis,
        by: &[Dimension],
    ) -> Result<Self, Fault> {
        let [now, before, last_year] =
            scope.spans().map(|span| analysis.clone().within(span.from, span.to).by(by));
        let rows = analytics::side_by_side(tenant, [&now, &before, &last_year], GROUPS_MAX).await?;
        let mut rows = rows.ok_or_else(too_many)?;
        let names = analytics::names(tenant, by, rows.iter().map(|row| &row.key)).await?;
        rows.sort_by_key(|row| std::cmp::Reverse(exact(Metric::RevenueEur, &row.sums[0])));
        Ok(Self { by: by.to_vec(), rows, names })
    }

    /// What a group is called.
    pub(super) fn label(&self, key: &[Option<String>]) -> String {
        let of = |(dimension, value): (&Dimension, &Option<String>)| self.value(*dimension, value.as_deref());
        self.by.iter().zip(key).map(of).collect::<Vec<_>>().join(" · ")
    }

    fn value(&self, dimension: Dimension, value: Option<&str>) -> String {
        let Some(value) = value else {
            let unknown =
                if dimension == Dimension::Product { "Not matched to a product" } else { "Not stated" };
            return unknown.to_owned();
        };
        if matches!(dimension, Dimension::Channel | Dimension::StoreKind | Dimension::LineClass) {
            return capitalised(value);
        }
        // The name of a product comes after its SKU.
        match self.names.beside(dimension, Some(value)).filter(|name| name.is_some()).last().flatten() {
            Some(name) => name.to_owned(),
            None => value.to_owned(),
        }
    }

    /// The first groups alone, which add up to nothing, with the number of all.
    pub(super) fn top(&self, most: usize, metrics: &[Metric], whole: &Compared) -> Table {
        let all = self.rows.len();
        if all <= most {
            return self.table("Products", metrics, whole);
        }
        let rows = self.rows.iter().take(most).cloned().collect();
        let first = Self { by: self.by.clone(), rows, names: self.names.clone() };
        let mut table =
            first.table(&format!("The {most} products with the highest revenue, of {all}"), metrics, whole);
        table.head.columns.iter_mut().for_each(|column| column.total = Total::None);
        table
    }

    /// All groups with these figures, their share and how they differ from before.
    pub(super) fn table(&self, title: &str, metrics: &[Metric], whole: &Compared) -> Table {
        let mut columns =
            vec![Column::new(heading(&self.by), Values::Text).with_total(Total::Words("Total".to_owned()))];
        columns.extend(self.identity());
        for metric in metrics {
            columns.push(column(*metric, whole.now()));
            if *metric == Metric::RevenueEur {
                columns.push(Column::new("Share", Values::Percent).with_total(Total::Sum));
            }
        }
        let whole = &whole.sums;
        for (place, name) in [(1, "vs previous"), (2, "vs last year")] {
            let total = match step(whole, place) {
                Ok(percent) => Total::Given(percent),
                Err(why) => Total::Words(why.to_owned()),
            };
            columns.push(Column::new(name, Values::Percent).with_total(total));
        }
        let mut table = Table::new(TableHead { title: Some(title.to_owned()), columns, notes: Vec::new() });
        let revenue = exact(Metric::RevenueEur, &whole[0]).unwrap_or_default();
        for row in &self.rows {
            let mut cells = vec![Some(self.label(&row.key))];
            cells.extend(self.identities(row));
            for metric in metrics {
                cells.push(Some(cell(*metric, &row.sums[0])));
                if *metric == Metric::RevenueEur {
                    let part = exact(*metric, &row.sums[0]);
                    cells.push(part.and_then(|part| share(part, revenue)).map(|share| share.to_string()));
                }
            }
            cells.extend([1, 2].map(|place| {
                Some(step(&row.sums, place).map_or_else(str::to_owned, |percent| percent.to_string()))
            }));
            table.push(cells.iter().map(Option::as_deref));
        }
        table
    }

    /// What tells products apart besides their names.
    fn identity(&self) -> Vec<Column> {
        match self.by[..] {
            [Dimension::Product] => ["SKU", "EAN"].map(|name| Column::new(name, Values::Text)).to_vec(),
            _ => Vec::new(),
        }
    }

    fn identities(&self, row: &Beside<3>) -> Vec<Option<String>> {
        let [Dimension::Product] = self.by[..] else { return Vec::new() };
        let ean = row.key.first().and_then(Option::as_deref);
        let sku = self.names.beside(Dimension::Product, ean).next().flatten();
        vec![sku.map(str::to_owned), ean.map(str::to_owned)]
    }
}

/// A report does not cut its tables.
pub(super) fn too_many() -> Fault {
    Fault::ends(
        "too_many_groups",
        format!("This has more than {GROUPS_MAX} lines: filter the report, or export the rows."),
    )
}

/// The column of a metric, with what stands below it: the figure of the whole, or the sum of its parts.
pub(super) fn column(metric: Metric, whole: &Sums) -> Column {
    let definition = metric.definition();
    let total = match metric.value(whole).known() {
        _ if definition.additive => Total::Sum,
        Some(figure) => Total::Given(figure),
        None => Total::None,
    };
    Column::new(definition.title, values(metric)).with_total(total)
}

/// What groups by these dimensions are.
pub(super) fn heading(by: &[Dimension]) -> String {
    let words = by.iter().map(|dimension| dimension.as_str().replace('_', " "));
    capitalised(&words.collect::<Vec<_>>().join(" · "))
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The cells of a metric.
pub(super) fn values(metric: Metric) -> Values {
    use domain::metrics::Unit;
    match metric.definition().unit {
        Unit::Euro => Values::Money(Currency::EUR),
        Unit::LocalCurrency => Values::Decimal(2),
        Unit::Pieces if metric == Metric::ItemsPerOrder => Values::Decimal(2),
        Unit::Pieces | Unit::Orders | Unit::Buyers => Values::Integer,
        Unit::Percent => Values::Percent,
    }
}

/// A figure as it stands in a cell: not rounded, so that cells add up to their total; or why there is none.
pub(super) fn cell(metric: Metric, sums: &Sums) -> String {
    match (exact(metric, sums), metric.value(sums).why_not()) {
        (Some(figure), _) => figure.to_string(),
        (None, why) => why.map_or("not reported", reason).to_owned(),
    }
}

/// A figure before it is rounded; `None` where there is none.
pub(super) fn exact(metric: Metric, sums: &Sums) -> Option<Decimal> {
    let rounded = metric.value(sums).known()?;
    Some(match metric.definition().formula {
        Formula::Sum(measure) => sums.get(measure),
        _ => rounded,
    })
}

/// Not rounded, so that shares add up.
fn share(part: Decimal, whole: Decimal) -> Option<Decimal> {
    (part * Decimal::ONE_HUNDRED).checked_div(whole)
}

/// How revenue differs from that of another span, in percent; or a word that says why that cannot be said.
pub(super) fn step(sums: &[Sums; 3], place: usize) -> Result<Decimal, &'static str> {
    let metric = Metric::RevenueEur;
    let (now, then) = (&sums[0], &sums[place]);
    match (metric.value(now).known(), metric.value(then).known()) {
        _ if then.records == 0 && now.records == 0 => Err("–"),
        _ if then.records == 0 => Err("new"),
        (Some(now), Some(then)) => Step::new(then, now).percent.ok_or("was zero"),
        _ => Err("not reported"),
    }
}
