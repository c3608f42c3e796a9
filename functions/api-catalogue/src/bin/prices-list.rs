use api_catalogue::{Context, prices::list};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("prices-list", Context::from_env(), list::handle).await
}
