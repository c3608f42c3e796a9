//! Lambda `alerts-test`.

use api_watching::alerts::test;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("alerts-test", edge::DatabaseContext::from_env(), test::handle).await
}
