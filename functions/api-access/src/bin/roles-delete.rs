use api_access::{Context, roles::delete};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("roles-delete", Context::from_env(), delete::handle).await
}
