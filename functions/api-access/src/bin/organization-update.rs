use api_access::{Context, organization::update};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("organization-update", Context::from_env(), update::handle).await
}
