use job_email_send::{Context, send};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::sqs::serve("email-send", Context::from_env(), send::handle).await
}
