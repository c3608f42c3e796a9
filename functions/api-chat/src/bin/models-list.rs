use api_chat::{Context, model_choice::list};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("models-list", Context::from_env(), list::handle).await
}
