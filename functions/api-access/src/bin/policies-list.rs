use api_access::{Context, policies::list};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("policies-list", Context::from_env(), list::handle).await
}
