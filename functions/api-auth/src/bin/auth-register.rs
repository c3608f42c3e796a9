use api_auth::{RegisterContext, register};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve_anybody("auth-register", RegisterContext::from_env(), register::handle).await
}
