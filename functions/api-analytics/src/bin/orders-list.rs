use api_analytics::{Context, orders};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("orders-list", Context::from_env(), orders::handle).await
}
