use api_catalogue::{Context, aliases};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("aliases-list", Context::from_env(), aliases::list::handle).await
}
