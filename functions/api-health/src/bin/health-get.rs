use api_health::{Context, get};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve_anybody("health-get", Context::from_env(), get::handle).await
}
