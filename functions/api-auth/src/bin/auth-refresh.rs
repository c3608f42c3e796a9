use api_auth::{SessionContext, refresh};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve_anybody("auth-refresh", SessionContext::from_env(), refresh::handle).await
}
