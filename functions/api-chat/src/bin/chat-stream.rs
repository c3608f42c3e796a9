use api_chat::{Context, stream};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve_stream("chat-stream", stream::ROUTE, Context::from_env(), stream::handle).await
}
