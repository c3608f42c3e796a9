use api_analytics::{Context, breakdown};

// One event at a time: what hands work to other threads waits for them longer than for the database.
#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("analytics-breakdown", Context::from_env(), breakdown::handle).await
}
