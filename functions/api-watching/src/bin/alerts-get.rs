//! Lambda `alerts-get`.

use api_watching::alerts::get;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("alerts-get", edge::DatabaseContext::from_env(), get::handle).await
}
