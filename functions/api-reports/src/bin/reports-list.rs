//! Lambda `reports-list`.

use api_reports::reports::list;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("reports-list", edge::DatabaseContext::from_env(), list::handle).await
}
