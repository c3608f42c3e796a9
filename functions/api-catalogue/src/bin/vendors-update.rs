use api_catalogue::{Context, vendors};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("vendors-update", Context::from_env(), vendors::update::handle).await
}
