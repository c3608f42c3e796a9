//! Rows on their way out of the database, a block at a time.

use domain::{
    metrics::Analysis,
    table::{Block, Column},
};

use super::{
    Selection,
    copied::Copied,
    groups::Groups,
    lists::{self, List},
    reference,
};
use crate::{Copying, Error, Result, Tenant, analytics};

/// Rows of a block: enough that writing them is one long run, few enough that the first ones leave at once.
pub(super) const BLOCK_ROWS: usize = 1_000;
/// Text of a block after which it is not filled further, whatever its rows.
pub(super) const BLOCK_BYTES: usize = 1 << 20;

/// The rows of a selection. Nothing holds all of them at any time.
pub struct Rows<'t> {
    columns: Vec<Column>,
    source: Source<'t>,
    block: Block,
}

enum Source<'t> {
    Copied(Copied<'t>),
    Grouped(Box<Groups<'t>>),
}

/// Opens the rows of a selection: those that the subject of the transaction sees. With `costs`, columns that show costs are
/// among them.
///
/// # Errors
/// When the database fails.
pub async fn open<'t>(
    tenant: &'t mut Copying,
    selection: &Selection,
    costs: bool,
    at_most: Option<u32>,
) -> Result<Rows<'t>> {
    let (columns, source) = match listed(selection, costs) {
        Ok(list) => {
            let quoted = quote(tenant, &list).await?;
            let columns = list.columns.clone();
            (columns, Source::Copied(Copied::begin(tenant, &list.select(&quoted, at_most)).await?))
        }
        Err(analysis) => {
            let analysis = Analysis { limit: at_most, ..analysis.clone() };
            let groups = Groups::begin(tenant, analysis).await?;
            (groups.columns(), Source::Grouped(Box::new(groups)))
        }
    };
    Ok(Rows { block: Block::new(columns.len()), columns, source })
}

/// How many rows a selection has.
///
/// # Errors
/// When the database fails.
pub async fn count(tenant: &mut Tenant, selection: &Selection) -> Result<i64> {
    match listed(selection, false) {
        Ok(list) => {
            let quoted = quote(tenant, &list).await?;
            sqlx::query_scalar(sqlx::AssertSqlSafe(list.count(&quoted)))
                .persistent(false)
                .fetch_one(&mut **tenant)
                .await
                .map_err(Error::query("exports.count"))
        }
        Err(analysis) => analytics::count(tenant, analysis).await,
    }
}

/// The list that is meant, or the analysis.
fn listed(selection: &Selection, costs: bool) -> Result<List, &Analysis> {
    match selection {
        Selection::Sales(filter) => Ok(lists::sales(filter)),
        Selection::Orders(filter) => Ok(lists::orders(filter, costs)),
        Selection::Products(filter) => Ok(lists::products(filter)),
        Selection::Aliases => Ok(reference::aliases()),
        Selection::Prices => Ok(reference::prices()),
        Selection::FxRates => Ok(reference::fx_rates()),
        Selection::Vendors => Ok(reference::vendors()),
        Selection::Stores => Ok(reference::stores()),
        Selection::KnownGaps => Ok(reference::known_gaps()),
        Selection::Analysis(analysis) => Err(analysis),
    }
}

/// The values of a list's conditions as literals. COPY takes no parameters; the server itself says how its literals are written.
async fn quote(tenant: &mut Tenant, list: &List) -> Result<Vec<String>> {
    sqlx::query_scalar(
        "SELECT quote_literal(value) FROM unnest($1::text[]) WITH ORDINALITY AS v (value, place) ORDER BY place",
    )
    .bind(list.values())
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("exports.quote"))
}

impl Rows<'_> {
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The next rows; `None` after the last ones.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn next(&mut self) -> Result<Option<&Block>> {
        self.block.clear();
        match &mut self.source {
            Source::Copied(copied) => copied.fill(&self.columns, &mut self.block).await?,
            Source::Grouped(groups) => groups.fill(&mut self.block).await?,
        }
        Ok((!self.block.is_empty()).then_some(&self.block))
    }
}
