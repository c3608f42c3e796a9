use api_auth::{MailContext, address_resend};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("address-resend", MailContext::from_env(), address_resend::handle).await
}
