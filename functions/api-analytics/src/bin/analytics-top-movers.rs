use api_analytics::{Context, top_movers};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("analytics-top-movers", Context::from_env(), top_movers::handle).await
}
