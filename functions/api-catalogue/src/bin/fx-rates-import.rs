use api_catalogue::{Context, fx_rates};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("fx-rates-import", Context::from_env(), fx_rates::handle).await
}
