use api_emails::{TemplateContext, templates::preview};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("email-templates-preview", TemplateContext::from_env(), preview::handle).await
}
