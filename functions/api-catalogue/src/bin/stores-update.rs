use api_catalogue::{Context, stores};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("stores-update", Context::from_env(), stores::update::handle).await
}
