//! Lambda `report-schedules-list`.

use api_reports::schedules::list;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("report-schedules-list", edge::DatabaseContext::from_env(), list::handle).await
}
