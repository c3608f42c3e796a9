use api_uploads::{Context, retry};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("uploads-retry", Context::from_env(), retry::handle).await
}
