//! `POST /v1/chat/evaluate`: the organisation's confirmed questions, read anew and compared with what was confirmed.

use assistant::{Calendar, Memory, Plan, Reading, World};
use data::{conversations, organizations};
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{Context, answer};

/// Most examples that one call evaluates: each is read in microseconds and asked of the database in milliseconds.
const EXAMPLES_MAX: u32 = 200;

#[derive(Debug, Serialize, JsonSchema)]
struct View {
    examples: usize,
    passed: usize,
    failed: Vec<Failure>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Failure {
    question: String,
    /// What was confirmed, and what is understood now.
    confirmed: String,
    now: String,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("chat-evaluate", "POST /v1/chat/evaluate", "Asks all confirmed questions again")
        .details("An example passes when its question is read as confirmed, or gives the same rows.")
        .needs(&[Permission::AnalyticsRead])
        .ok::<View>()
}

/// Reads every confirmed question again. Nothing is kept.
///
/// # Errors
/// When the database fails.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::AnalyticsRead)?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let examples = conversations::examples(&mut tenant, EXAMPLES_MAX).await?;
        let (today, fiscal_year_begins) = organizations::calendar(&mut tenant).await?;
        let knowledge = ctx.knowledge(&mut tenant, &principal).await?;
        let world = World { knowledge: &knowledge, calendar: Calendar { today, fiscal_year_begins } };
        let mut view = View { examples: examples.len(), passed: 0, failed: Vec::new() };
        for example in examples {
            let confirmed: Option<Plan> = serde_json::from_value(example.plan).ok();
            let reading = assistant::read(&example.question, world, &Memory::default());
            let passes = match (&confirmed, &reading) {
                (Some(confirmed), Reading::Answerable(now)) if confirmed == &**now => true,
                // The same question may be said by another plan: what counts are its rows.
                (Some(confirmed), Reading::Answerable(now))
                    if !confirmed.shows_costs() && !now.shows_costs() =>
                {
                    let was = answer::compute(&mut tenant, confirmed, &knowledge, today).await?;
                    was.table.rows == answer::compute(&mut tenant, now, &knowledge, today).await?.table.rows
                }
                _ => false,
            };
            if passes {
                view.passed += 1;
                continue;
            }
            let now = match reading {
                Reading::Answerable(plan) => assistant::describe(&plan, &knowledge),
                Reading::Clarify { message, .. } | Reading::Refused { message } => message,
            };
            let confirmed = confirmed.map(|plan| assistant::describe(&plan, &knowledge)).unwrap_or_default();
            view.failed.push(Failure { question: example.question, confirmed, now });
        }
        Reply::ok(&view)
    })
}
