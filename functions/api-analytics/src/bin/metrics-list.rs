use api_analytics::{Context, metrics};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("metrics-list", Context::from_env(), metrics::handle).await
}
