use api_access::{Context, keys::revoke};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("api-keys-revoke", Context::from_env(), revoke::handle).await
}
