use api_access::{Context, keys::rotate};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("api-keys-rotate", Context::from_env(), rotate::handle).await
}
