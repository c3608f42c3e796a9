use job_retention_apply::{Context, apply};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::invocation::serve("retention-apply", Context::from_env(), apply).await
}
