use api_auth::{PasswordContext, password_reset};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve_anybody("password-reset", PasswordContext::from_env(), password_reset::handle).await
}
