use api_analytics::{Context, breakdown};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("analytics-breakdown", Context::from_env(), breakdown::handle).await
}
