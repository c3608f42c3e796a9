use api_auth::{SessionContext, invitation_accept};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve_anybody("invitation-accept", SessionContext::from_env(), invitation_accept::handle)
        .await
}
