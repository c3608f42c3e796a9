use api_auth::{Context, me};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("auth-me", Context::from_env(), me::handle).await
}
