use api_access::{Context, roles::create};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("roles-create", Context::from_env(), create::handle).await
}
