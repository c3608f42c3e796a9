//! Lambda `alerts-resume`.

use api_watching::alerts::resume;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("alerts-resume", edge::DatabaseContext::from_env(), resume::handle).await
}
