use api_access::{Context, roles::update};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("roles-update", Context::from_env(), update::handle).await
}
