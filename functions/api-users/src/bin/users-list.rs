use api_users::{Context, list};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("users-list", Context::from_env(), list::handle).await
}
