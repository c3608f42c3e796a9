//! Lambda `alerts-list`.

use api_watching::alerts::list;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("alerts-list", edge::DatabaseContext::from_env(), list::handle).await
}
