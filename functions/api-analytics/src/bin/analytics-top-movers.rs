use api_analytics::{Context, top_movers};

// One event at a time: what hands work to other threads waits for them longer than for the database.
#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("analytics-top-movers", Context::from_env(), top_movers::handle).await
}
