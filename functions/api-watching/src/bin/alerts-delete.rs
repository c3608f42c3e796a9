//! Lambda `alerts-delete`.

use api_watching::alerts::delete;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("alerts-delete", edge::DatabaseContext::from_env(), delete::handle).await
}
