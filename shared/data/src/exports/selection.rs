//! What is exported, and who may see it.

use domain::metrics::Analysis;
use serde::{Deserialize, Serialize};

use crate::{Error, Result, Tenant, orders, products, sales};

/// Rows of a list, or the groups of an analysis.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Selection {
    Sales(sales::Filter),
    /// Order lines: all lines of the orders that fit.
    Orders(orders::Filter),
    Products(products::Filter),
    Aliases,
    Prices,
    FxRates,
    Vendors,
    Stores,
    KnownGaps,
    Analysis(Analysis),
}

impl Selection {
    /// The permissions without which nobody gets it.
    #[must_use]
    pub fn needs(&self) -> &'static [&'static str] {
        match self {
            Self::Sales(_)
            | Self::Orders(_)
            | Self::Products(_)
            | Self::Aliases
            | Self::Prices
            | Self::FxRates
            | Self::Vendors
            | Self::Stores => &["sales:read"],
            Self::KnownGaps => &["analytics:read"],
            Self::Analysis(analysis) if analysis.metrics.iter().any(|metric| metric.definition().is_cost) => {
                &["analytics:read", "costs:read"]
            }
            Self::Analysis(_) => &["analytics:read"],
        }
    }

    /// What a file of it is called.
    #[must_use]
    pub fn file_stem(&self) -> &'static str {
        match self {
            Self::Sales(_) => "sales",
            Self::Orders(_) => "orders",
            Self::Products(_) => "products",
            Self::Aliases => "aliases",
            Self::Prices => "prices",
            Self::FxRates => "fx-rates",
            Self::Vendors => "vendors",
            Self::Stores => "stores",
            Self::KnownGaps => "known-gaps",
            Self::Analysis(_) => "analysis",
        }
    }
}

/// What the subject of a transaction may do and see at this moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sight {
    permissions: Vec<String>,
    /// Stands for the rows and columns that are shown; equal as long as those are.
    pub mark: String,
}

impl Sight {
    /// A permission that the subject lacks to see this.
    #[must_use]
    pub fn lacks(&self, selection: &Selection) -> Option<&'static str> {
        self.lacks_any(selection.needs())
    }

    /// The first of these permissions that the subject lacks.
    #[must_use]
    pub fn lacks_any(&self, needs: &[&'static str]) -> Option<&'static str> {
        needs.iter().copied().find(|needed| !self.has(needed))
    }

    /// Whether columns that show costs are among what it may see.
    #[must_use]
    pub fn shows_costs(&self) -> bool {
        self.has("costs:read")
    }

    fn has(&self, permission: &str) -> bool {
        self.permissions.iter().any(|known| known == permission)
    }
}

/// Asks the database what the subject of this transaction may do and see now.
///
/// # Errors
/// When the database fails.
pub async fn sight(tenant: &mut Tenant) -> Result<Sight> {
    let (permissions, mark): (Vec<String>, String) = sqlx::query_as(
        "SELECT p.rights, md5(concat('costs:read' = ANY (p.rights), ' ', r.rules))
         FROM (SELECT wall.rights()) AS p (rights),
             (SELECT string_agg(rule::text, ' ' ORDER BY rule::text) FROM wall.row_rules() AS rule) AS r (rules)",
    )
    .fetch_one(&mut **tenant)
    .await
    .map_err(Error::query("exports.sight"))?;
    Ok(Sight { permissions, mark })
}
