use api_vendors::{Context, trial};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("vendor-profiles-test", Context::from_env(), trial::handle).await
}
