use api_vendors::{Context, get};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("vendor-profiles-get", Context::from_env(), get::handle).await
}
