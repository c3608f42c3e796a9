use api_users::{Context, update};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("users-update", Context::from_env(), update::handle).await
}
