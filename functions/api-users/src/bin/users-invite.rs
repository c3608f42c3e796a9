use api_users::{MailContext, invite};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("users-invite", MailContext::from_env(), invite::handle).await
}
