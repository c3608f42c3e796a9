use api_catalogue::{Context, known_gaps::delete};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("known-gaps-delete", Context::from_env(), delete::handle).await
}
