use api_auth::{Context, logout};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("auth-logout", Context::from_env(), logout::handle).await
}
