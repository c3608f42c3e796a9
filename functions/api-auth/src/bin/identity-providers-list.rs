use api_auth::{ProviderContext, providers};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve_anybody("identity-providers-list", ProviderContext::from_env(), providers::handle).await
}
