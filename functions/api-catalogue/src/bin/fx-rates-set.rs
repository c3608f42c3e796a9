use api_catalogue::{Context, fx_rates::set};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("fx-rates-set", Context::from_env(), set::handle).await
}
