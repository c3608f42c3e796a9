use api_emails::{Context, notifications::update};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("notifications-update", Context::from_env(), update::handle).await
}
