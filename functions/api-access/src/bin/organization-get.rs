use api_access::{Context, organization::get};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("organization-get", Context::from_env(), get::handle).await
}
