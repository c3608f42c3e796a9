use api_users::{Context, remove};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("users-remove", Context::from_env(), remove::handle).await
}
