use api_emails::{Context, unsubscribe::confirm};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve_anybody("unsubscribe-confirm", Context::from_env(), confirm::handle).await
}
