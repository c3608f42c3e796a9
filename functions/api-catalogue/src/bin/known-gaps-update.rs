//! Lambda `known-gaps-update`.

use api_catalogue::{Context, known_gaps::update};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("known-gaps-update", Context::from_env(), update::handle).await
}
