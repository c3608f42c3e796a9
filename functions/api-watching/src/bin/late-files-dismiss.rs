//! Lambda `late-files-dismiss`.

use api_watching::late_files::dismiss;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("late-files-dismiss", edge::DatabaseContext::from_env(), dismiss::handle).await
}
