//! Lambda `report-runs-correct`.

use api_reports::{Context, schedules::correct};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("report-runs-correct", Context::from_env(), correct::handle).await
}
