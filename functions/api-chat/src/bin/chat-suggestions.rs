use api_chat::{Context, suggestions};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("chat-suggestions", Context::from_env(), suggestions::handle).await
}
