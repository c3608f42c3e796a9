use api_catalogue::{Context, products};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("products-update", Context::from_env(), products::update::handle).await
}
