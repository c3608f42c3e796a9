use api_access::{Context, policies::create};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("policies-create", Context::from_env(), create::handle).await
}
