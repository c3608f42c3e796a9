use api_vendors::{Context, create};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("vendor-profiles-create", Context::from_env(), create::handle).await
}
