use api_chat::{Context, conversations::list};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("conversations-list", Context::from_env(), list::handle).await
}
