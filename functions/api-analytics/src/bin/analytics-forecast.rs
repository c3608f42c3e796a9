use api_analytics::{Context, forecast};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("analytics-forecast", Context::from_env(), forecast::handle).await
}
