//! Lambda `upload-sweep`.

use job_upload_sweep::{Context, sweep};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::invocation::serve("upload-sweep", Context::from_env(), sweep).await
}
