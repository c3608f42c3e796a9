//! Lambda `known-gaps-import`.

use api_catalogue::{Context, known_gaps::import};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("known-gaps-import", Context::from_env(), import::handle).await
}
