use api_auth::{SessionContext, login};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve_anybody("auth-login", SessionContext::from_env(), login::handle).await
}
