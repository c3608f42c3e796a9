use api_auth::{CallbackContext, oidc::finish};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve_anybody("oidc-finish", CallbackContext::from_env(), finish::handle).await
}
