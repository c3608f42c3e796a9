use api_uploads::{Context, original};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("uploads-original", Context::from_env(), original::handle).await
}
