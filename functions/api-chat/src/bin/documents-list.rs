use api_chat::{Context, documents::list};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("documents-list", Context::from_env(), list::handle).await
}
