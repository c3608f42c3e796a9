//! Lambda `file-ingest`.

use job_file_ingest::{Context, handle};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::sqs::serve("file-ingest", Context::from_env(), handle).await
}
