//! Product performance: every product that was sold, none cut off.

use data::{
    Tenant,
    coverage::{self, Coverage},
};
use domain::metrics::{Dimension, Metric};
use reporting::document::{Block, Section};

use super::{
    Content, Scope, breakdown::Breakdown, compared::Compared, gaps, notes, nothing, summary, trend::Trend,
};
use crate::make::Fault;

const COLUMNS: [Metric; 4] = [Metric::RevenueEur, Metric::Units, Metric::AveragePriceEur, Metric::ReturnRate];
const COST_COLUMNS: [Metric; 2] = [Metric::GrossProfitEur, Metric::Margin];

pub(super) async fn content(tenant: &mut Tenant, scope: &Scope) -> Result<Content, Fault> {
    let metrics = scope.key_figures();
    let analysis = scope.analysis(&metrics);
    let books = coverage::load(tenant, None).await?;
    let compared = Compared::load(tenant, scope, &analysis).await?;
    let trend = Trend::load(tenant, scope, &analysis).await?;
    let columns: Vec<Metric> =
        COLUMNS.iter().chain(COST_COLUMNS.iter().filter(|_| scope.shows_costs)).copied().collect();
    let figures = scope.analysis(&columns);

    let products = Breakdown::load(tenant, scope, &figures, &[Dimension::Product]).await?;
    let mut overview = vec![compared.cards(&metrics, &trend)];
    overview.push(Block::Chart(summary::ranking(&products, "Revenue by product")));
    let categories = Breakdown::load(tenant, scope, &figures, &[Dimension::Category]).await?;
    let sizes = Breakdown::load(tenant, scope, &figures, &[Dimension::Category, Dimension::Size]).await?;
    let groups = vec![
        Block::Table(categories.table("By category", &columns, &compared)),
        Block::Table(sizes.table("By category and size", &columns, &compared)),
    ];
    let sections = vec![
        (Section::new("Overview", None), overview),
        (Section::new("Categories", None), groups),
        (
            Section::new(
                "Products",
                Some("Every product sold in one of the periods, highest revenue first."),
            ),
            vec![Block::Table(products.table("All products", &columns, &compared))],
        ),
        gaps::section(scope, &Coverage::of(tenant, &books, &analysis).await?),
        notes::section(tenant, scope, &analysis, (&metrics, compared.now())).await?,
    ];
    Ok(Content { empty: nothing(scope, compared.now()), sections, ..Content::default() })
}
