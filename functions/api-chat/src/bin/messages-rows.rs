use api_chat::{Context, messages::rows};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("messages-rows", Context::from_env(), rows::handle).await
}
