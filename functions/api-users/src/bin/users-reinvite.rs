use api_users::{MailContext, reinvite};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("users-reinvite", MailContext::from_env(), reinvite::handle).await
}
