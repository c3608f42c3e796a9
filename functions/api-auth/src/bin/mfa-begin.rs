use api_auth::{SessionContext, mfa::begin};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("mfa-begin", SessionContext::from_env(), begin::handle).await
}
