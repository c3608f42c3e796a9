use api_uploads::{Context, replay};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("uploads-replay", Context::from_env(), replay::handle).await
}
