use api_auth::{Context, jwks};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve_anybody("auth-jwks", Context::from_env(), jwks::handle).await
}
