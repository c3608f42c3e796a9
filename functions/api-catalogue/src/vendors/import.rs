//! `POST /v1/vendors/import`: vendors, and who sends their files.

use data::vendors::{self, NewVendor};
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
};

use crate::{
    Context,
    cells::{self, Fault},
    import::import,
    outcome::Reject,
    table::{self, Columns, Row, Table},
};

const COLUMNS: Columns = Columns {
    required: &["key", "name"],
    optional: |name| matches!(name, "country" | "contact_email" | "contact_name" | "contact_language"),
};

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    table::imported(
        Operation::new("vendors-import", "POST /v1/vendors/import", "Imports vendors and who sends their files")
            .details(
                "Columns: `key`, `name`; and `country`, `contact_email`, `contact_name`, `contact_language`, which stay as they are where \
                 a cell is blank.",
            )
            .needs(&[Permission::CatalogueWrite]),
    )
}

/// Takes the vendors of a CSV file.
///
/// # Errors
/// See [`Table::read`] and [`import`]; rows at fault are part of the answer.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::CatalogueWrite)?;
        let table = Table::read(request.body(), &COLUMNS)?;
        let (rows, rejects) = table.rows(read, "key", |vendor| vendor.key.clone());
        let stated: Vec<NewVendor> = rows.into_iter().map(|(_, vendor)| vendor).collect();

        import(ctx, &principal, &request, async |tenant| {
            Ok((vendors::import(tenant, &stated).await?, rejects))
        })
        .await
    })
}

fn read(row: &Row) -> Result<NewVendor, Reject> {
    Ok(NewVendor {
        key: row.required("key", cells::vendor)?,
        name: row.required("name", named)?,
        country: row.optional("country", cells::country)?,
        contact_email: row.optional("contact_email", cells::email)?,
        contact_name: row.optional("contact_name", named)?,
        contact_language: row
            .optional("contact_language", cells::language)?
            .map(|language| language.as_str().to_owned()),
    })
}

fn named(text: &str) -> Result<String, Fault> {
    cells::text(text, super::NAME_CHARS_MAX)
}
