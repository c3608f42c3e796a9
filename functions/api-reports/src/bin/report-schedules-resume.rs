//! Lambda `report-schedules-resume`.

use api_reports::schedules::resume;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("report-schedules-resume", edge::DatabaseContext::from_env(), resume::handle).await
}
