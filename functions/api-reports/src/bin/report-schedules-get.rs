//! Lambda `report-schedules-get`.

use api_reports::schedules::get;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("report-schedules-get", edge::DatabaseContext::from_env(), get::handle).await
}
