use api_analytics::{Context, anomalies};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("analytics-anomalies", Context::from_env(), anomalies::handle).await
}
