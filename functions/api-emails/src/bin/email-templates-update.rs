use api_emails::{Context, templates::update};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("email-templates-update", Context::from_env(), update::handle).await
}
