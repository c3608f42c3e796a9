use api_chat::{Context, messages::feedback};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("messages-feedback", Context::from_env(), feedback::handle).await
}
