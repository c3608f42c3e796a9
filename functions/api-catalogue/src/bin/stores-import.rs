//! Lambda `stores-import`.

use api_catalogue::{Context, stores::import};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("stores-import", Context::from_env(), import::handle).await
}
