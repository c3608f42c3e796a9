use api_catalogue::{Context, products};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("products-create", Context::from_env(), products::create::handle).await
}
