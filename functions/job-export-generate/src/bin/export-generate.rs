//! Lambda `export-generate`.

use job_export_generate::{Context, generate};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::sqs::serve("export-generate", Context::from_env(), generate::handle).await
}
