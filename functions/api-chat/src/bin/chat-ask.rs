use api_chat::{Context, ask};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("chat-ask", Context::from_env(), ask::handle).await
}
