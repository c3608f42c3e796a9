//! Lambda `reports-get`.

use api_reports::{Context, reports::get};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("reports-get", Context::from_env(), get::handle).await
}
