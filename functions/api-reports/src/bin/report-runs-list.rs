//! Lambda `report-runs-list`.

use api_reports::schedules::runs;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("report-runs-list", edge::DatabaseContext::from_env(), runs::handle).await
}
