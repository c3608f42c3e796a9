use api_uploads::{Context, changes};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("uploads-changes", Context::from_env(), changes::handle).await
}
