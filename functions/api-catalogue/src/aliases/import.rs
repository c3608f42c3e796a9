//! `POST /v1/catalogue/aliases/import`: what vendors' words stand for.

use data::{product_aliases, products};
use domain::ProductAlias;
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

const COLUMNS: Columns = Columns { required: &["vendor", "word", "ean"], optional: |_| false };

/// In place of an EAN: the word is no product of ours.
const IGNORE: &str = "ignore";

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    table::imported(
        Operation::new(
            "aliases-import",
            "POST /v1/catalogue/aliases/import",
            "Says of many words of vendors which product each means",
        )
        .details(
            "Columns: `vendor`, `word` (a code or a name as it is printed), and `ean`, or `ignore` for what is no product. Booked rows \
             follow.",
        )
        .needs(&[Permission::CatalogueWrite]),
    )
}

/// Takes the decisions of a CSV file; every row that prints one of the words follows in the same transaction.
///
/// # Errors
/// See [`Table::read`] and [`import`]; rows at fault are part of the answer.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::CatalogueWrite)?;
        let table = Table::read(request.body(), &COLUMNS)?;
        let key = |stated: &ProductAlias| (stated.vendor.clone(), domain::alias_key(&stated.alias));
        let (rows, mut rejects) = table.rows(read, "word", key);

        import(ctx, &principal, &request, async |tenant| {
            let eans: Vec<&str> = rows.iter().filter_map(|(_, stated)| stated.ean.as_deref()).collect();
            let known = products::known(tenant, &eans).await?;
            let mut taken = Vec::with_capacity(rows.len());
            for (row, stated) in rows {
                if stated.ean.as_ref().is_none_or(|ean| known.contains(ean)) {
                    taken.push(stated);
                } else {
                    let message = "The catalogue has no product with this EAN.";
                    rejects.push(row.reject("ean", "product_unknown", message));
                }
            }
            Ok((product_aliases::import(tenant, &taken, principal.user_id).await?, rejects))
        })
        .await
    })
}

fn read(row: &Row) -> Result<ProductAlias, Reject> {
    let ean = |text: &str| match text.to_ascii_lowercase().as_str() {
        IGNORE => Ok(None),
        _ => cells::ean(text).map(Some),
    };
    Ok(ProductAlias {
        vendor: row.required("vendor", cells::vendor)?,
        alias: row.required("word", |text| Ok(text.to_owned()))?,
        ean: row.required("ean", ean)?,
    })
}
