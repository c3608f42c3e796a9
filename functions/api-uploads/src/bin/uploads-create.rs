use api_uploads::{Context, create};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("uploads-create", Context::from_env(), create::handle).await
}
