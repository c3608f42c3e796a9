use api_chat::{Context, model_choice::update};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("models-update", Context::from_env(), update::handle).await
}
