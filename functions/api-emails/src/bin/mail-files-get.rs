use api_emails::{FileContext, file};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve_anybody("mail-files-get", FileContext::from_env(), file::handle).await
}
