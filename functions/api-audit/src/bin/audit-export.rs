use api_audit::{Context, export};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("audit-export", Context::from_env(), export::handle).await
}
