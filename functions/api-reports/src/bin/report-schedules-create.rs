//! Lambda `report-schedules-create`.

use api_reports::schedules::create;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("report-schedules-create", edge::DatabaseContext::from_env(), create::handle).await
}
