use api_users::{Context, erase};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("users-erase", Context::from_env(), erase::handle).await
}
