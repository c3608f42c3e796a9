use api_catalogue::{Context, known_gaps::create};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("known-gaps-create", Context::from_env(), create::handle).await
}
