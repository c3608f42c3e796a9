use api_auth::{MailContext, password_forgot};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve_anybody("password-forgot", MailContext::from_env(), password_forgot::handle).await
}
