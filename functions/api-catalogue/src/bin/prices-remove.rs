use api_catalogue::{Context, prices::remove};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("prices-remove", Context::from_env(), remove::handle).await
}
