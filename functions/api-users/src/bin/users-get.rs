use api_users::{Context, get};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("users-get", Context::from_env(), get::handle).await
}
