use api_auth::{ProviderContext, oidc::start};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve_anybody("oidc-start", ProviderContext::from_env(), start::handle).await
}
