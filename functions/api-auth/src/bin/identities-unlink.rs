use api_auth::{Context, identities::unlink};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("identities-unlink", Context::from_env(), unlink::handle).await
}
