use api_chat::{Context, documents::add};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("documents-add", Context::from_env(), add::handle).await
}
