use api_uploads::{Context, undo};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("uploads-undo", Context::from_env(), undo::handle).await
}
