use api_catalogue::{Context, known_gaps::list};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("known-gaps-list", Context::from_env(), list::handle).await
}
