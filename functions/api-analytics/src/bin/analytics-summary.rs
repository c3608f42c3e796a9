use api_analytics::{Context, summary};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("analytics-summary", Context::from_env(), summary::handle).await
}
