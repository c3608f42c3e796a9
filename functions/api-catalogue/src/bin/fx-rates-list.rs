use api_catalogue::{Context, fx_rates::list};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("fx-rates-list", Context::from_env(), list::handle).await
}
