//! Lambda `alerts-create`.

use api_watching::alerts::create;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("alerts-create", edge::DatabaseContext::from_env(), create::handle).await
}
