//! Lambda `alerts-update`.

use api_watching::alerts::update;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("alerts-update", edge::DatabaseContext::from_env(), update::handle).await
}
