use api_analytics::{Context, summary};

// One event at a time: what hands work to other threads waits for them longer than for the database.
#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("analytics-summary", Context::from_env(), summary::handle).await
}
