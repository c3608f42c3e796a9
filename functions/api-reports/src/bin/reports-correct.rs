//! Lambda `reports-correct`.

use api_reports::{Context, reports::correct};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("reports-correct", Context::from_env(), correct::handle).await
}
