use api_emails::{Context, notifications::get};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("notifications-get", Context::from_env(), get::handle).await
}
