use api_uploads::{Context, answer};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("uploads-answer", Context::from_env(), answer::handle).await
}
