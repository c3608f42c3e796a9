//! Lambda `fx-rates-remove`.

use api_catalogue::{Context, fx_rates::remove};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("fx-rates-remove", Context::from_env(), remove::handle).await
}
