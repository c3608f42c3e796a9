use api_catalogue::{Context, aliases};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("aliases-withdraw", Context::from_env(), aliases::withdraw::handle).await
}
