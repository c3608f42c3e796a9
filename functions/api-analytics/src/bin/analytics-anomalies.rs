use api_analytics::{Context, anomalies};

// One event at a time: what hands work to other threads waits for them longer than for the database.
#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("analytics-anomalies", Context::from_env(), anomalies::handle).await
}
