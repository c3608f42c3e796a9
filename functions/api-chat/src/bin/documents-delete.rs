use api_chat::{Context, documents::delete};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("documents-delete", Context::from_env(), delete::handle).await
}
