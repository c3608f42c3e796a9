use api_analytics::{Context, compare};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("analytics-compare", Context::from_env(), compare::handle).await
}
