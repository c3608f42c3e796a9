use api_emails::{Context, templates::list};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("email-templates-list", Context::from_env(), list::handle).await
}
