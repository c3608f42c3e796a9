use api_uploads::{Context, get};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("uploads-get", Context::from_env(), get::handle).await
}
