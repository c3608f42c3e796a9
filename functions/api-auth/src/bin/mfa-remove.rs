use api_auth::{SessionContext, mfa::remove};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("mfa-remove", SessionContext::from_env(), remove::handle).await
}
