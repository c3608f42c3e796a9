//! Lambda `report-dispatch`.

use job_report_dispatch::{Context, dispatch};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::invocation::serve("report-dispatch", Context::from_env(), dispatch).await
}
