//! The sales summary: what somebody reads who reads one page.

use data::{
    Tenant,
    coverage::{self, Coverage},
};
use domain::metrics::{Analysis, Dimension, Metric};
use reporting::document::{
    Block, Chart, ChartKind, Column, Section, Series, Table, TableHead, Total, Values,
};
use rust_decimal::Decimal;

use super::{
    Content, Scope,
    breakdown::{Breakdown, exact, step},
    compared::Compared,
    gaps, notes, nothing,
    trend::Trend,
    unit,
};
use crate::make::Fault;

/// Bars of a ranking that can be told apart.
const BARS_MAX: usize = 12;
/// Movers shown each way.
const MOVERS: usize = 10;
/// What a line of a breakdown says.
const COLUMNS: [Metric; 2] = [Metric::RevenueEur, Metric::Units];

pub(super) async fn content(tenant: &mut Tenant, scope: &Scope) -> Result<Content, Fault> {
    let metrics = scope.key_figures();
    let analysis = scope.analysis(&metrics);
    let books = coverage::load(tenant, None).await?;
    let compared = Compared::load(tenant, scope, &analysis).await?;
    let trend = Trend::load(tenant, scope, &analysis).await?;
    let incomplete = match trend.span {
        Some(span) => {
            gaps::sentence(tenant, scope, &books, &analysis.clone().within(span.from, span.to)).await?
        }
        None => None,
    };
    let mut overview = vec![compared.cards(&metrics, &trend)];
    overview.push(Block::Chart(trend.chart(Metric::RevenueEur, incomplete)));
    overview.push(Block::Paragraph(gaps::like_for_like(tenant, scope, &books, &analysis).await?));

    let figures = scope.analysis(&COLUMNS);
    let mut sections = vec![(Section::new("Key figures", None), overview)];
    let mix = mix(tenant, scope, &figures, &compared).await?;
    sections.push((Section::new("Channels and vendors", None), mix));
    sections.push(movers(tenant, scope, &figures).await?);
    sections.push(gaps::section(scope, &Coverage::of(tenant, &books, &analysis).await?));
    sections.push(notes::section(tenant, scope, &analysis, (&metrics, compared.now())).await?);
    Ok(Content { empty: nothing(scope, compared.now()), sections, ..Content::default() })
}

/// Channels, vendors and countries: parts of the whole.
async fn mix(
    tenant: &mut Tenant,
    scope: &Scope,
    analysis: &Analysis,
    whole: &Compared,
) -> Result<Vec<Block>, Fault> {
    let mut blocks = Vec::new();
    for (dimension, title) in [
        (Dimension::Channel, "By channel"),
        (Dimension::Vendor, "By vendor"),
        (Dimension::Country, "By country"),
    ] {
        let parts = Breakdown::load(tenant, scope, analysis, &[dimension]).await?;
        if dimension == Dimension::Vendor && parts.rows.len() > 1 {
            blocks.push(Block::Chart(ranking(&parts, "Revenue by vendor")));
        }
        blocks.push(Block::Table(parts.table(title, &COLUMNS, whole)));
    }
    Ok(blocks)
}

/// The highest groups as bars, what is left as one.
pub(super) fn ranking(parts: &Breakdown, title: &str) -> Chart {
    let revenue = |place: usize| {
        move |row: &data::analytics::Beside<3>| {
            row.sums.get(place).and_then(|sums| exact(Metric::RevenueEur, sums))
        }
    };
    let (shown, rest) = parts.rows.split_at(parts.rows.len().min(BARS_MAX));
    let mut categories: Vec<String> = shown.iter().map(|row| parts.label(&row.key)).collect();
    let mut now: Vec<Option<Decimal>> = shown.iter().map(revenue(0)).collect();
    let mut then: Vec<Option<Decimal>> = shown.iter().map(revenue(2)).collect();
    if !rest.is_empty() {
        categories.push(format!("{} others", rest.len()));
        now.push(Some(rest.iter().filter_map(revenue(0)).sum()));
        then.push(Some(rest.iter().filter_map(revenue(2)).sum()));
    }
    Chart {
        title: title.to_owned(),
        kind: ChartKind::HorizontalBar,
        categories,
        series: vec![Series::new("Revenue", now), Series::new("A year before", then).background()],
        unit: unit(Metric::RevenueEur),
        note: None,
    }
}

/// What rose and what fell most against the period before.
async fn movers(
    tenant: &mut Tenant,
    scope: &Scope,
    analysis: &Analysis,
) -> Result<(Section, Vec<Block>), Fault> {
    let products = Breakdown::load(tenant, scope, analysis, &[Dimension::Product]).await?;
    let revenue = |sums| exact(Metric::RevenueEur, sums).unwrap_or_default();
    let mut steps: Vec<(Decimal, _)> = products
        .rows
        .iter()
        .map(|row| (revenue(&row.sums[0]) - revenue(&row.sums[1]), row))
        .filter(|(step, _)| !step.is_zero())
        .collect();
    steps.sort_by_key(|(step, _)| std::cmp::Reverse(*step));
    let mut blocks = Vec::new();
    let rose = steps.iter().take_while(|(step, _)| step.is_sign_positive()).take(MOVERS);
    let fell = steps.iter().rev().take_while(|(step, _)| step.is_sign_negative()).take(MOVERS);
    let sides: [(&str, Vec<_>); 2] = [("Rose most", rose.collect()), ("Fell most", fell.collect())];
    for (title, side) in sides {
        if side.is_empty() {
            continue;
        }
        let columns = [
            ("Product", Values::Text),
            ("Revenue", super::breakdown::values(Metric::RevenueEur)),
            ("Before", super::breakdown::values(Metric::RevenueEur)),
            ("Change", super::breakdown::values(Metric::RevenueEur)),
            ("Change in %", Values::Percent),
        ];
        let mut columns: Vec<Column> =
            columns.into_iter().map(|(title, values)| Column::new(title, values)).collect();
        columns.iter_mut().skip(1).take(3).for_each(|column| column.total = Total::Sum);
        let mut table = Table::new(TableHead { title: Some(title.to_owned()), columns, notes: Vec::new() });
        for (absolute, row) in side {
            let percent = step(&row.sums, 1).map_or_else(str::to_owned, |percent| percent.to_string());
            let cells = [
                products.label(&row.key),
                revenue(&row.sums[0]).to_string(),
                revenue(&row.sums[1]).to_string(),
                absolute.to_string(),
                percent,
            ];
            table.push(cells.iter().map(|cell| Some(cell.as_str())));
        }
        blocks.push(Block::Table(table));
    }
    if blocks.is_empty() {
        blocks.push(Block::Paragraph("No product sold more or less than in the period before.".to_owned()));
    }
    let intro = format!(
        "Products against the previous period, {}. Vendors whose reports of one of the periods are missing move them too: see \
         Coverage.",
        scope.dates(scope.before)
    );
    Ok((Section::new("Movers", Some(&intro)), blocks))
}
