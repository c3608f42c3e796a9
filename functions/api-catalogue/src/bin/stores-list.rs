use api_catalogue::{Context, stores};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("stores-list", Context::from_env(), stores::list::handle).await
}
