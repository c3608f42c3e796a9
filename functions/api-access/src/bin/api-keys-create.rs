use api_access::{Context, keys::create};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("api-keys-create", Context::from_env(), create::handle).await
}
