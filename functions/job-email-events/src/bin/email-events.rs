use job_email_events::{Context, take};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::sqs::serve("email-events", Context::from_env(), take::handle).await
}
