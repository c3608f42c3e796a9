use api_auth::{ProviderContext, identities::link};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("identities-link", ProviderContext::from_env(), link::handle).await
}
