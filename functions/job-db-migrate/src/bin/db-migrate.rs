//! Lambda `db-migrate`.

use job_db_migrate::{Context, run};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::invocation::serve("db-migrate", Context::from_env(), run).await
}
