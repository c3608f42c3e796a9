use api_analytics::{Context, exports::list};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("exports-list", Context::from_env(), list::handle).await
}
