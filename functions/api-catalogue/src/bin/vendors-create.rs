//! Lambda `vendors-create`.

use api_catalogue::{Context, vendors::create};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("vendors-create", Context::from_env(), create::handle).await
}
