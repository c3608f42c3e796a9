use api_analytics::{Context, series};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("analytics-series", Context::from_env(), series::handle).await
}
