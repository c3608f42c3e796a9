use api_emails::{Context, suppressions::lift};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("suppressions-lift", Context::from_env(), lift::handle).await
}
