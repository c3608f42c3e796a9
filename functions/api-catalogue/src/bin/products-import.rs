use api_catalogue::{Context, products};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("products-import", Context::from_env(), products::import::handle).await
}
