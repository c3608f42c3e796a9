use api_access::{Context, policies::delete};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("policies-delete", Context::from_env(), delete::handle).await
}
