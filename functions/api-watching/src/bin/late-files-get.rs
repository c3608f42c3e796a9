//! Lambda `late-files-get`.

use api_watching::late_files::get;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("late-files-get", edge::DatabaseContext::from_env(), get::handle).await
}
