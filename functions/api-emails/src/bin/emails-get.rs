use api_emails::{TemplateContext, get};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("emails-get", TemplateContext::from_env(), get::handle).await
}
