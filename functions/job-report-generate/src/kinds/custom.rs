//! A report of any analysis.

use data::{
    Tenant,
    analytics::{self, Names},
    coverage::{self, Coverage},
};
use domain::metrics::{Dimension, Group, Metric, Sums};
use reporting::document::{Block, Card, Chart, ChartKind, Column, Section, Series, Table, TableHead, Values};

use super::{
    Content, Scope,
    breakdown::{GROUPS_MAX, cell, column, exact, too_many},
    compared::figure,
    gaps, notes, nothing, unit,
};
use crate::make::Fault;

/// Most groups that can be told apart in a chart.
const CHARTED_MAX: usize = 40;

pub(super) async fn content(tenant: &mut Tenant, scope: &Scope) -> Result<Content, Fault> {
    let Some(asked) = &scope.analysis else {
        return Err(Fault::ends("analysis_missing", "A custom report needs the figures that it is to show."));
    };
    if asked.metrics.iter().any(|metric| metric.definition().is_cost) && !scope.shows_costs {
        return Err(Fault::ends(
            "forbidden",
            "This report shows costs, which whoever it is made for may not see.",
        ));
    }
    let metrics = asked.metrics.clone();
    let plain = scope.analysis(&metrics);
    let books = coverage::load(tenant, None).await?;
    let total = analytics::total(tenant, &plain).await?;
    let cards = metrics.iter().map(|metric| Card {
        title: metric.definition().title.to_owned(),
        value: figure(metric.value(&total)),
        unit: unit(*metric),
        changes: Vec::new(),
        trend: Vec::new(),
    });
    let mut blocks = vec![Block::Cards(cards.collect())];
    if !asked.by.is_empty() {
        let mut analysis = plain.clone().by(&asked.by);
        analysis.order = asked.order;
        let groups = analytics::all(tenant, &analysis, GROUPS_MAX).await?.ok_or_else(too_many)?;
        let names = analytics::names(tenant, &asked.by, groups.iter().map(|group| &group.key)).await?;
        blocks.extend(chart(&asked.by, &metrics, &groups, &names).map(Block::Chart));
        blocks.push(Block::Table(table(&asked.by, &metrics, (&groups, &names), &total)));
    }
    let sections = vec![
        (Section::new("Figures", None), blocks),
        gaps::section(scope, &Coverage::of(tenant, &books, &plain).await?),
        notes::section(tenant, scope, &plain, (&metrics, &total)).await?,
    ];
    Ok(Content { empty: nothing(scope, &total), sections, ..Content::default() })
}

fn table(by: &[Dimension], metrics: &[Metric], (groups, names): (&[Group], &Names), total: &Sums) -> Table {
    let mut columns = Vec::new();
    for dimension in by {
        let is_day = dimension.is_time();
        columns.push(Column::new(dimension.as_str(), if is_day { Values::Date } else { Values::Text }));
        columns.extend(Names::fields(*dimension).iter().map(|name| Column::new(*name, Values::Text)));
    }
    columns.extend(metrics.iter().map(|metric| column(*metric, total)));
    let mut table = Table::new(TableHead { title: None, columns, notes: Vec::new() });
    for group in groups {
        let mut cells: Vec<Option<String>> = Vec::new();
        for (dimension, value) in by.iter().zip(&group.key) {
            cells.push(value.clone());
            cells.extend(names.beside(*dimension, value.as_deref()).map(|name| name.map(str::to_owned)));
        }
        cells.extend(metrics.iter().map(|metric| Some(cell(*metric, &group.sums))));
        table.push(cells.iter().map(Option::as_deref));
    }
    table
}

/// The first figure over time, or as a ranking; nothing where nobody could read it.
fn chart(by: &[Dimension], metrics: &[Metric], groups: &[Group], names: &Names) -> Option<Chart> {
    let ([dimension], [metric, ..]) = (by, metrics) else { return None };
    if groups.len() < 2 || groups.len() > CHARTED_MAX {
        return None;
    }
    let label = |group: &Group| {
        let value = group.key.first()?.as_deref();
        let name = names.beside(*dimension, value).flatten().last();
        name.or(value).map(str::to_owned)
    };
    let kind = if dimension.is_time() { ChartKind::Line } else { ChartKind::HorizontalBar };
    Some(Chart {
        title: metric.definition().title.to_owned(),
        kind,
        categories: groups
            .iter()
            .map(|group| label(group).unwrap_or_else(|| "Not stated".to_owned()))
            .collect(),
        series: vec![Series::new(
            metric.definition().title,
            groups.iter().map(|group| exact(*metric, &group.sums)).collect(),
        )],
        unit: unit(*metric),
        note: None,
    })
}
