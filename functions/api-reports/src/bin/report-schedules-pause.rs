//! Lambda `report-schedules-pause`.

use api_reports::schedules::pause;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("report-schedules-pause", edge::DatabaseContext::from_env(), pause::handle).await
}
