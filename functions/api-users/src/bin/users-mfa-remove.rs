use api_users::{Context, mfa_remove};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("users-mfa-remove", Context::from_env(), mfa_remove::handle).await
}
