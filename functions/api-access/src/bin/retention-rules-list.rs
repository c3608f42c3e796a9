use api_access::{Context, retention_rules::list};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("retention-rules-list", Context::from_env(), list::handle).await
}
