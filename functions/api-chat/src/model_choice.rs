//! Which language models an organisation has asked.

pub mod list;
pub mod update;

use schemars::JsonSchema;
use serde::Serialize;

use crate::Context;

/// The models that there are, and those that are asked.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Models")]
struct View {
    /// Of the installation, in its order.
    available: Vec<String>,
    /// In the organisation's order; `null`: all of them, `[]`: none.
    chosen: Option<Vec<String>>,
}

fn available(ctx: &Context) -> Vec<String> {
    let names = ctx.advisor.iter().flat_map(|advisor| advisor.panel.names());
    names.map(str::to_owned).collect()
}
