use api_uploads::{Context, reject_inbox};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("rejects-list", Context::from_env(), reject_inbox::handle).await
}
