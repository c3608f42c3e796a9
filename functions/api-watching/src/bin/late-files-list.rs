//! Lambda `late-files-list`.

use api_watching::late_files::list;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("late-files-list", edge::DatabaseContext::from_env(), list::handle).await
}
