//! Lambda `aliases-import`.

use api_catalogue::{Context, aliases::import};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("aliases-import", Context::from_env(), import::handle).await
}
