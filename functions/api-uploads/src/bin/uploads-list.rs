use api_uploads::{Context, list};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("uploads-list", Context::from_env(), list::handle).await
}
