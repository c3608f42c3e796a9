use api_vendors::{Context, list};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("vendor-profiles-list", Context::from_env(), list::handle).await
}
