use api_analytics::{Context, contribution};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("analytics-contribution", Context::from_env(), contribution::handle).await
}
