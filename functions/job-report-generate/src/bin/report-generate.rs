//! Lambda `report-generate`.

use job_report_generate::{Context, generate};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::sqs::serve("report-generate", Context::from_env(), generate::handle).await
}
