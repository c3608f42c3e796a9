use api_auth::{Context, sessions_end};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("sessions-end", Context::from_env(), sessions_end::handle).await
}
