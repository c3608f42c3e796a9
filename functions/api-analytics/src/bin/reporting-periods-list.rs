use api_analytics::{Context, reporting_periods};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("reporting-periods-list", Context::from_env(), reporting_periods::handle).await
}
