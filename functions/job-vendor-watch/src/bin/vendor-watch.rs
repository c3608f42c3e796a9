//! Lambda `vendor-watch`.

use job_vendor_watch::{Context, watch};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::invocation::serve("vendor-watch", Context::from_env(), watch).await
}
