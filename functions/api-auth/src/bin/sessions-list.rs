use api_auth::{Context, sessions_list};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("sessions-list", Context::from_env(), sessions_list::handle).await
}
