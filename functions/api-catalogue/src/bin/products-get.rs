use api_catalogue::{Context, products};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("products-get", Context::from_env(), products::get::handle).await
}
