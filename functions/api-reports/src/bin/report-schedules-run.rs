//! Lambda `report-schedules-run`.

use api_reports::{Context, schedules::run};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("report-schedules-run", Context::from_env(), run::handle).await
}
