use api_chat::{Context, conversations::get};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("conversations-get", Context::from_env(), get::handle).await
}
