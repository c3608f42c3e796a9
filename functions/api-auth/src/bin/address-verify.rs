use api_auth::{Context, address_verify};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve_anybody("address-verify", Context::from_env(), address_verify::handle).await
}
