//! From a plan to what is computed.

use assistant::{Knowledge, Plan, Table};
use data::{Tenant, analytics};
use edge::ApiError;

/// What a plan came to.
pub(crate) struct Answer {
    pub(crate) table: Table,
    /// The statements that were run.
    pub(crate) sql: String,
}

/// Asks the books what a plan needs, and makes its rows.
pub(crate) async fn compute(
    tenant: &mut Tenant,
    plan: &Plan,
    knowledge: &Knowledge,
) -> Result<Answer, ApiError> {
    let mut computed = Vec::new();
    let mut sql = Vec::new();
    for analysis in plan.analyses() {
        sql.push(analytics::sql(tenant.org(), &analysis));
        computed.push(analytics::groups(tenant, &analysis).await?);
    }
    Ok(Answer { table: assistant::tabulate(plan, &computed, knowledge), sql: sql.join(";\n\n") })
}
