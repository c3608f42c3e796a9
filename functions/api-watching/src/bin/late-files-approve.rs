//! Lambda `late-files-approve`.

use api_watching::{MailContext, late_files::approve};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("late-files-approve", MailContext::from_env(), approve::handle).await
}
