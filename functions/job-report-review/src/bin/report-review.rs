//! Lambda `report-review`.

use job_report_review::{Context, review};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::invocation::serve("report-review", Context::from_env(), review).await
}
