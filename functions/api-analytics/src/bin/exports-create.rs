use api_analytics::exports::{Context, create};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("exports-create", Context::from_env(), create::handle).await
}
