use api_catalogue::{Context, stores};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("stores-confirm", Context::from_env(), stores::confirm::handle).await
}
