use api_sql::{Context, run};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    edge::http::serve("sql-run", Context::from_env(), run::handle).await
}
