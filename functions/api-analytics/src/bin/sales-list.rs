use api_analytics::{Context, sales};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("sales-list", Context::from_env(), sales::handle).await
}
