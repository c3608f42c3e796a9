use api_analytics::{Context, coverage};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("analytics-coverage", Context::from_env(), coverage::handle).await
}
