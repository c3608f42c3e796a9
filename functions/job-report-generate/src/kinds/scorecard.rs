//! The vendor scorecard: who sells what, and who reports in time.

use data::{
    Tenant,
    coverage::{self, Books, Coverage, Rhythm, State, VendorCoverage},
};
use domain::metrics::{Dimension, Filter, Metric, Span};
use reporting::document::{Block, Section, Table, Values};

use super::{
    Content, Scope,
    breakdown::Breakdown,
    compared::Compared,
    gaps::{self, table},
    notes, nothing, summary,
    trend::Trend,
};
use crate::make::Fault;

const COLUMNS: [Metric; 4] = [Metric::RevenueEur, Metric::Units, Metric::AveragePriceEur, Metric::ReturnRate];
/// Products listed under each vendor; the product report lists all.
const PRODUCTS: usize = 15;

pub(super) async fn content(tenant: &mut Tenant, scope: &Scope) -> Result<Content, Fault> {
    let metrics = scope.key_figures();
    let analysis = scope.analysis(&metrics);
    let books = coverage::load(tenant, None).await?;
    let compared = Compared::load(tenant, scope, &analysis).await?;
    let vendors = Breakdown::load(tenant, scope, &scope.analysis(&COLUMNS), &[Dimension::Vendor]).await?;

    let mut overview = Vec::new();
    if vendors.rows.len() > 1 {
        overview.push(Block::Chart(summary::ranking(&vendors, "Revenue by vendor")));
    }
    overview.push(Block::Table(vendors.table("Sales", &COLUMNS, &compared)));
    overview.push(Block::Table(reporting(scope, &books)));
    let mut sections = vec![(Section::new("All vendors", None), overview)];
    for row in &vendors.rows {
        if let Some(Some(vendor)) = row.key.first() {
            sections.push(of_vendor(tenant, scope, &books, (vendor, &vendors.label(&row.key))).await?);
        }
    }
    sections.push(gaps::section(scope, &Coverage::of(tenant, &books, &analysis).await?));
    sections.push(notes::section(tenant, scope, &analysis, (&metrics, compared.now())).await?);
    Ok(Content { empty: nothing(scope, compared.now()), sections, ..Content::default() })
}

/// One vendor: figures, development, products, stores.
async fn of_vendor(
    tenant: &mut Tenant,
    scope: &Scope,
    books: &Books,
    (vendor, name): (&str, &str),
) -> Result<(Section, Vec<Block>), Fault> {
    let only =
        Filter { dimension: Dimension::Vendor, values: vec![Some(vendor.to_owned())], excluded: false };
    let mut scope = scope.clone();
    scope.filters.push(only);
    let metrics = scope.key_figures();
    let analysis = scope.analysis(&metrics);
    let compared = Compared::load(tenant, &scope, &analysis).await?;
    let trend = Trend::load(tenant, &scope, &analysis).await?;
    let incomplete = match trend.span {
        Some(span) => {
            gaps::sentence(tenant, &scope, books, &analysis.clone().within(span.from, span.to)).await?
        }
        None => None,
    };
    let mut blocks = vec![
        compared.cards(&metrics, &trend),
        Block::Chart(trend.chart(Metric::RevenueEur, incomplete)),
        Block::Paragraph(gaps::like_for_like(tenant, &scope, books, &analysis).await?),
    ];
    let figures = scope.analysis(&COLUMNS);
    let products = Breakdown::load(tenant, &scope, &figures, &[Dimension::Product]).await?;
    blocks.push(Block::Table(products.top(PRODUCTS, &COLUMNS, &compared)));
    let stores = Breakdown::load(tenant, &scope, &figures, &[Dimension::Store]).await?;
    blocks.push(Block::Table(stores.table("Stores", &COLUMNS, &compared)));
    Ok((Section::new(name, None), blocks))
}

/// How each vendor reports.
fn reporting(scope: &Scope, books: &Books) -> Table {
    let mut table = table(
        "Reporting",
        &[
            ("Vendor", Values::Text),
            ("Reports", Values::Text),
            ("Usually after (days)", Values::Integer),
            ("Periods reported", Values::Integer),
            ("In time", Values::Integer),
            ("Stated again", Values::Integer),
            ("Missing", Values::Integer),
            ("Last day reported", Values::Date),
        ],
    );
    let Span { from, to } = scope.span;
    for vendor in books.coverage(Some(from), Some(to), chrono::Utc::now().date_naive()) {
        let analysis = scope.analysis(&[]);
        if !coverage::is_meant(&analysis, &vendor.vendor) {
            continue;
        }
        let cells = cells(scope, &vendor);
        table.push(cells.iter().map(Option::as_deref));
    }
    table.head.notes.push(
        "In time: reported not later than is usual for the vendor. Stated again: periods of which a later file said something else \
         or the same once more."
            .to_owned(),
    );
    table
}

fn cells(scope: &Scope, vendor: &VendorCoverage) -> [Option<String>; 8] {
    let count = |state: State| vendor.cells.iter().filter(|cell| cell.state == state).count();
    let usual = vendor.arrivals.usual_delay_days;
    let reported = || vendor.cells.iter().filter_map(|cell| cell.reported.as_ref());
    let in_time = usual.and_then(|usual| {
        let usual = i64::try_from(usual).ok()?;
        let delay = |said: &coverage::Reported| (said.first_stated_on - said.period.end()).num_days();
        Some(reported().filter(|said| delay(said) <= usual).count())
    });
    [
        Some(scope.vendor(&vendor.vendor).to_owned()),
        Some(vendor.rhythm.map_or("without a rhythm", rhythm).to_owned()),
        usual.map(|days| days.to_string()),
        Some(count(State::Reported).to_string()),
        in_time.map(|periods| periods.to_string()),
        Some(reported().filter(|said| said.statements > 1).count().to_string()),
        Some(count(State::Missing).to_string()),
        Some(vendor.last_reported.to_string()),
    ]
}

fn rhythm(rhythm: Rhythm) -> &'static str {
    match rhythm {
        Rhythm::Daily => "every day",
        Rhythm::Weekly(_) => "every week",
        Rhythm::Monthly => "every month",
        Rhythm::Quarterly => "every quarter",
    }
}
