use api_document::{Context, get};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve_anybody("openapi-get", Context::from_env(), get::handle).await
}
