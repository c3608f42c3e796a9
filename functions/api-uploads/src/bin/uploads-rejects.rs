use api_uploads::{Context, rejects};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("uploads-rejects", Context::from_env(), rejects::handle).await
}
