use api_chat::{Context, conversations::rename};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("conversations-rename", Context::from_env(), rename::handle).await
}
