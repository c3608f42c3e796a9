use api_catalogue::{Context, vendors::get};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("vendors-get", Context::from_env(), get::handle).await
}
