//! `POST /v1/products/import`: the catalogue, and what vendors call its products.

use std::collections::{BTreeSet, HashMap};

use data::products::{self, CatalogueProduct};
use domain::{Product, ProductKind};
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
    required: &["ean", "sku", "name", "kind", "size", "list_price_eur", "active"],
    optional: |name| vendor_of(name).is_some(),
};

/// `<vendor>_name` and so on: the vendor's own words for the product.
const ALIAS_SUFFIXES: [&str; 3] = ["_name", "_article", "_supplier_ref"];

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    table::imported(
        Operation::new(
            "products-import",
            "POST /v1/products/import",
            "Imports products, with their aliases at vendors",
        )
        .needs(&[Permission::CatalogueWrite]),
    )
}

/// Takes the products of a CSV file with their aliases at the vendors that its header names.
///
/// # Errors
/// See [`Table::read`] and [`import`]; rows at fault are part of the answer.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::CatalogueWrite)?;
        let table = Table::read(request.body(), &COLUMNS)?;
        let columns: Vec<AliasColumn> = alias_columns(table.header());
        let (rows, mut rejects) =
            table.rows(|row| read(row, &columns), "ean", |entry| entry.product.ean.clone());
        let entries = claim_aliases(rows, &columns, &mut rejects);
        let vendors: BTreeSet<String> = columns.iter().map(|column| column.vendor.to_owned()).collect();

        let vendors = Vec::from_iter(vendors);
        import(ctx, &principal, &request, async |tenant| {
            Ok((products::import(tenant, &entries, &vendors, principal.user_id).await?, rejects))
        })
        .await
    })
}

struct AliasColumn<'a> {
    name: &'a str,
    vendor: &'a str,
}

fn alias_columns(header: &[String]) -> Vec<AliasColumn<'_>> {
    header.iter().filter_map(|name| Some(AliasColumn { name, vendor: vendor_of(name)? })).collect()
}

/// `skins_nl` of `skins_nl_article`.
fn vendor_of(column: &str) -> Option<&str> {
    let vendor = ALIAS_SUFFIXES.iter().find_map(|suffix| column.strip_suffix(suffix))?;
    cells::is_key(vendor).then_some(vendor)
}

fn read(row: &Row, columns: &[AliasColumn]) -> Result<CatalogueProduct, Reject> {
    let category = row.text("kind");
    let product = Product {
        ean: row.required("ean", cells::ean)?,
        sku: row.text("sku"),
        name: row.text("name"),
        kind: category.as_deref().map_or(ProductKind::Regular, kind_of),
        category,
        size: row.text("size"),
        active: row.required("active", cells::truth)?,
    };
    let aliases = columns.iter().map(|column| (column.vendor.to_owned(), row.raw(column.name).to_owned()));
    Ok(CatalogueProduct {
        product,
        list_price_eur: row.optional("list_price_eur", cells::price)?,
        aliases: aliases.filter(|(_, alias)| !alias.trim().is_empty()).collect(),
    })
}

/// Words without a meaning for line classes are plain products.
fn kind_of(category: &str) -> ProductKind {
    match category.to_lowercase().as_str() {
        "tester" => ProductKind::Tester,
        "sample" => ProductKind::Sample,
        "advent" => ProductKind::Advent,
        "gwp" | "gift" => ProductKind::Gift,
        _ => ProductKind::Regular,
    }
}

/// A vendor's word means one product: the first row that uses it keeps it, the others are rejected.
fn claim_aliases(
    rows: Vec<(Row, CatalogueProduct)>,
    columns: &[AliasColumn],
    rejects: &mut Vec<Reject>,
) -> Vec<CatalogueProduct> {
    let mut owners: HashMap<(&str, String), u64> = HashMap::new();
    let mut entries = Vec::with_capacity(rows.len());
    for (row, entry) in rows {
        let words = || {
            let words = columns.iter().map(|column| (column, folded(row.raw(column.name))));
            words.filter(|(_, word)| !word.is_empty())
        };
        let taken = words()
            .find_map(|(column, word)| owners.get(&(column.vendor, word)).map(|owner| (column.name, *owner)));
        if let Some((column, owner)) = taken {
            rejects.push(row.reject(
                column,
                "alias_taken",
                format!("Row {owner} has this for another product."),
            ));
            continue;
        }
        owners.extend(words().map(|(column, word)| ((column.vendor, word), row.number())));
        entries.push(entry);
    }
    entries
}

/// As aliases are compared when files are read: whatever the case and the blanks.
fn folded(alias: &str) -> String {
    alias.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
