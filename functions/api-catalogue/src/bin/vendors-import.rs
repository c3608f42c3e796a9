//! Lambda `vendors-import`.

use api_catalogue::{Context, vendors::import};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("vendors-import", Context::from_env(), import::handle).await
}
