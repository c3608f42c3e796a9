use api_access::{Context, policies::update};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("policies-update", Context::from_env(), update::handle).await
}
