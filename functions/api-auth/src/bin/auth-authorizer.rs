use api_auth::{Context, authorizer};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::invocation::serve("auth-authorizer", Context::from_env(), authorizer::handle).await
}
