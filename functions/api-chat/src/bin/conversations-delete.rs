use api_chat::{Context, conversations::delete};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("conversations-delete", Context::from_env(), delete::handle).await
}
