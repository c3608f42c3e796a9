use api_emails::{Context, unsubscribe::show};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve_anybody("unsubscribe-show", Context::from_env(), show::handle).await
}
