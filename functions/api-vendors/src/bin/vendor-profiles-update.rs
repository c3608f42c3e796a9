use api_vendors::{Context, update};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("vendor-profiles-update", Context::from_env(), update::handle).await
}
