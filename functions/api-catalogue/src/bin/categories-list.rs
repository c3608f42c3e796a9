use api_catalogue::{Context, categories::list};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("categories-list", Context::from_env(), list::handle).await
}
