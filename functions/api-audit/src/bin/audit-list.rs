use api_audit::{Context, list};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("audit-list", Context::from_env(), list::handle).await
}
