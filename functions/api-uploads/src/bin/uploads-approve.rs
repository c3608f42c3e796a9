use api_uploads::{Context, approve};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("uploads-approve", Context::from_env(), approve::handle).await
}
