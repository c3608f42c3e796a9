//! Lambda `report-schedules-delete`.

use api_reports::schedules::delete;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("report-schedules-delete", edge::DatabaseContext::from_env(), delete::handle).await
}
