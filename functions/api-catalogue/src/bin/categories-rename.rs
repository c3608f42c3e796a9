use api_catalogue::{Context, categories::rename};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("categories-rename", Context::from_env(), rename::handle).await
}
