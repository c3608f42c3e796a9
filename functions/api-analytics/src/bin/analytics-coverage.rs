use api_analytics::{Context, coverage};

// One event at a time: what hands work to other threads waits for them longer than for the database.
#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("analytics-coverage", Context::from_env(), coverage::handle).await
}
