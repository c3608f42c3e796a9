use api_access::{Context, retention_rules::update};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("retention-rules-update", Context::from_env(), update::handle).await
}
