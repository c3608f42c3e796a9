use api_auth::{Context, identities::list};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("identities-list", Context::from_env(), list::handle).await
}
