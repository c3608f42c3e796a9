use api_catalogue::{Context, products};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("products-list", Context::from_env(), products::list::handle).await
}
