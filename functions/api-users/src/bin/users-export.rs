use api_users::{Context, export};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("users-export", Context::from_env(), export::handle).await
}
