use api_access::{Context, keys::list};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("api-keys-list", Context::from_env(), list::handle).await
}
