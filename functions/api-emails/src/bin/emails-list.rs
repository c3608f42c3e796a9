use api_emails::{Context, list};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("emails-list", Context::from_env(), list::handle).await
}
