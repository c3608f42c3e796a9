//! Lambda `alert-check`.

use job_alert_check::{Context, check};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::invocation::serve("alert-check", Context::from_env(), check).await
}
