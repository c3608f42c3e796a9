use api_catalogue::{Context, stores};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("stores-unmatched", Context::from_env(), stores::unmatched::handle).await
}
