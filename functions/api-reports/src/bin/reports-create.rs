//! Lambda `reports-create`.

use api_reports::{Context, reports::create};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("reports-create", Context::from_env(), create::handle).await
}
