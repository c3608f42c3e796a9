use api_auth::{SessionContext, mfa::sign_in};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve_anybody("auth-login-mfa", SessionContext::from_env(), sign_in::handle).await
}
