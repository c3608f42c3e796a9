use api_analytics::exports::{Context, get};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("exports-get", Context::from_env(), get::handle).await
}
