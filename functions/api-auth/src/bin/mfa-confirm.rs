use api_auth::{SessionContext, mfa::confirm};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("mfa-confirm", SessionContext::from_env(), confirm::handle).await
}
