use api_catalogue::{Context, prices};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("prices-import", Context::from_env(), prices::handle).await
}
