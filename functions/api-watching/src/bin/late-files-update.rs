//! Lambda `late-files-update`.

use api_watching::late_files::update;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("late-files-update", edge::DatabaseContext::from_env(), update::handle).await
}
