use api_catalogue::{Context, aliases};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("aliases-confirm", Context::from_env(), aliases::confirm::handle).await
}
