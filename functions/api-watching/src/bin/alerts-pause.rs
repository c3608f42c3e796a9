//! Lambda `alerts-pause`.

use api_watching::alerts::pause;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("alerts-pause", edge::DatabaseContext::from_env(), pause::handle).await
}
