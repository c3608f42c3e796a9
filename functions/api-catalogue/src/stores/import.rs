//! `POST /v1/catalogue/stores/import`: spellings and what store each means.

use data::stores::{self, Details, Stated};
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
};

use crate::{
    Context, cells,
    import::import,
    outcome::Reject,
    table::{self, Columns, Row, Table},
};

const COLUMNS: Columns = Columns {
    required: &["vendor", "spelling", "store"],
    optional: |name| matches!(name, "kind" | "city" | "country"),
};

/// Most rows: booked rows are looked through for each.
const ROWS_MAX: usize = 1_000;

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    table::imported(
        Operation::new(
            "stores-import",
            "POST /v1/catalogue/stores/import",
            "Says of many spellings which store each means",
        )
        .details(
            "Columns: `vendor`, `spelling`, `store`; and `kind`, `city`, `country`, which stay as they are where a cell is blank. Booked \
             rows follow.",
        )
        .needs(&[Permission::CatalogueWrite]),
    )
}

/// Takes the spellings of a CSV file; every row that prints one follows in the same transaction.
///
/// # Errors
/// See [`Table::read`] and [`import`]; rows at fault are part of the answer.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::CatalogueWrite)?;
        let table = Table::read(request.body(), &COLUMNS)?;
        let key = |stated: &Stated| (stated.vendor.clone(), domain::fold(&stated.spelling));
        let (rows, rejects) = table.rows(read, "spelling", key);
        let stated: Vec<Stated> = rows.into_iter().map(|(_, stated)| stated).collect();
        if stated.len() > ROWS_MAX {
            let detail = format!("This import has at most {ROWS_MAX} rows; send the rest as another file.");
            return Err(ApiError::unprocessable("too_many_rows", detail));
        }

        import(ctx, &principal, &request, async |tenant| {
            Ok((stores::import(tenant, &stated, principal.user_id).await?, rejects))
        })
        .await
    })
}

fn read(row: &Row) -> Result<Stated, Reject> {
    let said = |column: &str| row.text(column).map(Some);
    Ok(Stated {
        vendor: row.required("vendor", cells::vendor)?,
        spelling: row.required("spelling", |text| Ok(text.to_owned()))?,
        store: row.required("store", |text| Ok(text.to_owned()))?,
        details: Details {
            kind: row.optional("kind", cells::store_kind)?.map(Some),
            city: said("city"),
            country: said("country"),
            archived: None,
        },
    })
}
