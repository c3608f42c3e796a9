//! Lambda `alert-checks-list`.

use api_watching::alerts::checks;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("alert-checks-list", edge::DatabaseContext::from_env(), checks::handle).await
}
