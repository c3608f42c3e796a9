use api_auth::{SessionContext, register};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("auth-register", SessionContext::from_env(), register::handle).await
}
