use api_catalogue::{Context, unmatched};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("unmatched-list", Context::from_env(), unmatched::handle).await
}
