use api_chat::{Context, evaluate};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("chat-evaluate", Context::from_env(), evaluate::handle).await
}
