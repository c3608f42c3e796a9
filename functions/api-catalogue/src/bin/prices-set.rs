use api_catalogue::{Context, prices::set};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("prices-set", Context::from_env(), set::handle).await
}
