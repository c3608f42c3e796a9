use api_audit::{Context, verify};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("audit-verify", Context::from_env(), verify::handle).await
}
