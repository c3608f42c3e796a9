//! The cleaning report: what a file said against what was made of it.

use data::{
    Tenant, sales,
    uploads::{self, Upload},
};
use reporting::document::{Block, Column, Section, Table, TableHead, Total, Values};
use rust_decimal::Decimal;

use super::{
    Content, Scope,
    gaps::table,
    quality::{card, of_upload, rejected, state, vendor},
};
use crate::make::Fault;

/// Rows are read in portions.
const PORTION: u32 = 5_000;

pub(super) async fn content(tenant: &mut Tenant, scope: &Scope) -> Result<Content, Fault> {
    let missing = || Fault::ends("upload_missing", "A cleaning report needs the upload that it is about.");
    let id = scope.upload.ok_or_else(missing)?;
    let Some(upload) = uploads::find(tenant, id).await? else {
        return Err(Fault::ends("upload_not_found", "The upload that this report is about does not exist."));
    };
    let rejects = of_upload(tenant, &upload).await?;
    let rejects: Vec<_> = rejects.into_iter().map(|reject| (upload.file_name.clone(), reject)).collect();
    let (rows, taken) = rows(tenant, &upload).await?;
    let sections = vec![
        (Section::new("The file", None), overview(tenant, &upload).await?),
        (Section::new("Rows not taken", None), rejected(&rejects)),
        (
            Section::new(
                "Rows taken",
                Some(
                    "As printed on the left, as booked on the right. Rows of other versions of the period are not shown.",
                ),
            ),
            vec![Block::Table(rows)],
        ),
    ];
    let empty = (taken == 0 && rejects.is_empty())
        .then(|| format!("Nothing of this file counts: it is {}.", state(&upload)));
    Ok(Content { subtitle: Some(upload.file_name.clone()), facts: facts(scope, &upload), empty, sections })
}

fn facts(scope: &Scope, upload: &Upload) -> Vec<(String, String)> {
    [
        ("File", upload.file_name.clone()),
        ("Vendor", vendor(scope, upload)),
        ("Layout", upload.layout.clone().unwrap_or_else(|| "not known".to_owned())),
        ("Received", scope.locale.date(upload.created_at.date_naive())),
        ("State", state(upload)),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .to_vec()
}

/// Counts, the totals printed against the sums, and warnings.
async fn overview(tenant: &mut Tenant, upload: &Upload) -> Result<Vec<Block>, Fault> {
    let rows = upload.rows();
    let mut blocks = vec![Block::Cards(vec![
        card("Lines", rows.read),
        card("Booked", rows.accepted),
        card("Not taken", rows.rejected),
        card("Ignored", rows.ignored),
    ])];
    let mut controls = table(
        "Totals printed in the file",
        &[
            ("Total", Values::Text),
            ("Sheet", Values::Text),
            ("Cell", Values::Text),
            ("Printed", Values::Decimal(2)),
            ("Sum of rows", Values::Decimal(2)),
            ("Ties", Values::Text),
        ],
    );
    for control in uploads::controls(tenant, upload.id).await? {
        let (printed, sum) = (control.expected.to_string(), control.actual.to_string());
        let ties = if control.ok { "yes" } else { "no" };
        controls.push([
            Some(control.name.as_str()),
            control.sheet.as_deref(),
            control.cell.as_deref(),
            Some(&printed),
            Some(&sum),
            Some(ties),
        ]);
    }
    blocks.push(match controls.rows.is_empty() {
        true => {
            Block::Paragraph("The file prints no total that its rows could be proven against.".to_owned())
        }
        false => Block::Table(controls),
    });
    blocks.extend(upload.warnings.iter().map(|warning| Block::Paragraph(warning.message.clone())));
    Ok(blocks)
}

/// Every row that the file states and that counts.
async fn rows(tenant: &mut Tenant, upload: &Upload) -> Result<(Table, usize), Fault> {
    let number = |title: &str| Column::new(title, Values::Decimal(2)).with_total(Total::Sum);
    let text = |title: &str| Column::new(title, Values::Text);
    let columns = vec![
        text("Place"),
        text("Store as printed"),
        text("Code"),
        text("Product as printed"),
        text("Store"),
        text("EAN"),
        text("Matched by"),
        text("Class"),
        Column::new("Counts on", Values::Date),
        number("Units"),
        number("Amount"),
        text("Currency"),
        number("Amount in EUR"),
    ];
    let mut table = Table::new(TableHead { title: None, columns, notes: Vec::new() });
    let filter = sales::Filter { upload: Some(upload.id), ..sales::Filter::default() };
    let (mut after, mut taken) = (None, 0);
    loop {
        let portion = sales::list(tenant, &filter, PORTION, after).await?;
        let Some(last) = portion.last() else { return Ok((table, taken)) };
        after = Some(last.id);
        taken += portion.len();
        for sale in &portion {
            let sheet = sale.source_sheet.as_deref().map(|sheet| format!("{sheet} ")).unwrap_or_default();
            let place = format!("{sheet}row {}", sale.source_row);
            let day = sale.sale_date.unwrap_or(sale.period_end).to_string();
            let decimal = |value: Option<Decimal>| value.map(|value| value.to_string());
            let (units, amount, euro) =
                (decimal(sale.quantity), decimal(sale.amount_local), decimal(sale.amount_eur));
            table.push([
                Some(place.as_str()),
                sale.store_printed.as_deref(),
                sale.vendor_product_code.as_deref(),
                sale.product_name.as_deref(),
                sale.store.as_deref(),
                sale.product_ean.as_deref(),
                sale.product_match.as_deref(),
                Some(&sale.line_class),
                Some(&day),
                units.as_deref(),
                amount.as_deref(),
                Some(&sale.currency),
                euro.as_deref(),
            ]);
        }
    }
}
