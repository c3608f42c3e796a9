use api_catalogue::{Context, stores};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("store-aliases-withdraw", Context::from_env(), stores::withdraw::handle).await
}
