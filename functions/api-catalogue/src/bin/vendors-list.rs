use api_catalogue::{Context, vendors};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("vendors-list", Context::from_env(), vendors::list::handle).await
}
