use api_emails::{Context, suppressions::list};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("suppressions-list", Context::from_env(), list::handle).await
}
