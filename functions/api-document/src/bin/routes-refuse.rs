use api_document::{Context, refuse};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve_anybody("routes-refuse", Context::from_env(), refuse::handle).await
}
