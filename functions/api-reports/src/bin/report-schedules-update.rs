//! Lambda `report-schedules-update`.

use api_reports::schedules::update;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("report-schedules-update", edge::DatabaseContext::from_env(), update::handle).await
}
