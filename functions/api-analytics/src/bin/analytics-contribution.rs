use api_analytics::{Context, contribution};

// One event at a time: what hands work to other threads waits for them longer than for the database.
#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("analytics-contribution", Context::from_env(), contribution::handle).await
}
