//! Detailed transactions: every row that counts, streamed.

use data::{Tenant, analytics};
use domain::{
    Currency,
    metrics::{Dimension, Metric},
    table::Block as Rows,
};
use reporting::{
    ReportWriter,
    document::{Column, Section, TableHead, Total, Values},
};

use super::{Content, Scope, compared::Compared, notes, nothing, trend::Trend};
use crate::make::Fault;

/// Rows are read in portions.
const PORTION: u32 = 5_000;
const FIGURES: [Metric; 2] = [Metric::RevenueEur, Metric::Units];

/// What stands before the rows.
pub(super) async fn content(tenant: &mut Tenant, scope: &Scope) -> Result<Content, Fault> {
    let analysis = scope.analysis(&FIGURES);
    let compared = Compared::load(tenant, scope, &analysis).await?;
    let cards = compared.cards(&FIGURES, &Trend::default());
    let notes = notes::section(tenant, scope, &analysis, (&FIGURES, compared.now())).await?;
    let facts = vec![("Rows".to_owned(), scope.locale.decimal(compared.now().records.into(), 0))];
    let sections = vec![(Section::new("Overview", None), vec![cards]), notes];
    Ok(Content { empty: nothing(scope, compared.now()), sections, facts, ..Content::default() })
}

/// Writes the rows themselves; `told` hears how many there are so far.
///
/// # Errors
/// When the books cannot be read or the file not be written.
pub(crate) async fn write(
    tenant: &mut Tenant,
    scope: &Scope,
    writer: &mut ReportWriter,
) -> Result<(), Fault> {
    let head = TableHead { title: None, columns: columns(), notes: Vec::new() };
    let kinds: Vec<_> = head.columns.iter().map(|column| column.values.kind()).collect();
    writer
        .section(&Section::new("Transactions", Some("Every row that counts, in the order of the files.")))?;
    writer.begin_table(head)?;
    let analysis = scope.analysis(&[]);
    let mut block = Rows::new(kinds.len());
    let mut after = None;
    loop {
        let rows = analytics::rows(tenant, &analysis, PORTION, after).await?;
        let Some(last) = rows.last() else { break };
        after = Some(last.id);
        let keys: Vec<_> =
            rows.iter().map(|row| vec![Some(row.vendor.clone()), row.product_ean.clone()]).collect();
        let names = analytics::names(tenant, &[Dimension::Vendor, Dimension::Product], keys.iter()).await?;
        block.clear();
        for row in &rows {
            let mut known = names.beside(Dimension::Product, row.product_ean.as_deref());
            let (sku, name) = (known.next().flatten(), known.next().flatten());
            let vendor = names.beside(Dimension::Vendor, Some(&row.vendor)).next().flatten();
            let text = |value: Option<rust_decimal::Decimal>| value.map(|value| value.to_string());
            let (day, units, local, euro) =
                (row.day.to_string(), text(row.quantity), text(row.amount_local), text(row.amount_eur));
            let cells = [
                Some(day.as_str()),
                Some(vendor.unwrap_or(&row.vendor)),
                row.store.as_deref(),
                sku,
                row.product_ean.as_deref(),
                name.or(row.product_name.as_deref()),
                Some(row.line_class.as_str()),
                row.order_id.as_deref(),
                units.as_deref(),
                local.as_deref(),
                Some(row.currency.as_str()),
                euro.as_deref(),
            ];
            for (kind, cell) in kinds.iter().zip(cells) {
                block.push(*kind, cell);
            }
        }
        writer.rows(&block)?;
    }
    writer.end_table()?;
    Ok(())
}

fn columns() -> Vec<Column> {
    let text = |title: &str| Column::new(title, Values::Text);
    vec![
        Column::new("Day", Values::Date).with_total(Total::Words("Total".to_owned())),
        text("Vendor"),
        text("Store"),
        text("SKU"),
        text("EAN"),
        text("Product"),
        text("Class"),
        text("Order"),
        Column::new("Units", Values::Integer).with_total(Total::Sum),
        // Of several currencies: they have no sum.
        Column::new("Amount", Values::Decimal(2)),
        text("Currency"),
        Column::new("Amount", Values::Money(Currency::EUR)).with_total(Total::Sum),
    ]
}
