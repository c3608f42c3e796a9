use api_access::{Context, roles::list};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("roles-list", Context::from_env(), list::handle).await
}
