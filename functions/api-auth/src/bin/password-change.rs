use api_auth::{PasswordContext, password_change};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("password-change", PasswordContext::from_env(), password_change::handle).await
}
