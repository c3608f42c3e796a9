//! `POST /v1/chat`: a question in plain language, answered from the books.

use std::time::Instant;

use assistant::{Calendar, Choice, Column, Memory, Plan, Reading, Table, World};
use data::{
    Tenant,
    audit::{Event, Subject},
    conversations::{self, NewMessage},
    coverage::Coverage,
    organizations,
};
use domain::{Action, ConversationId, MessageId};
use edge::{
    ApiError, FieldError, Permission, Principal,
    http::{Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    Context, answer,
    model::{Advice, Rows},
    receipt::{self, Receipt, Sources},
};

/// Longest question: nobody means anything by more.
const QUESTION_CHARS_MAX: usize = 2_000;

/// What answers without a model.
const BUILT_IN: &str = "built_in";

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Body {
    question: String,
    conversation_id: Option<ConversationId>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct View {
    pub(crate) conversation_id: ConversationId,
    message_id: MessageId,
    pub(crate) status: Status,
    pub(crate) answer: String,
    pub(crate) plan: Option<Plan>,
    pub(crate) sql: Option<String>,
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Vec<assistant::Cell>>,
    truncated: bool,
    chart: Option<Value>,
    receipt: Option<Receipt>,
    sources: Sources,
    /// What is missing in the days of the answer.
    coverage: Option<Coverage>,
    /// `built_in`, or the name of the model that read the question.
    pub(crate) engine: String,
    /// What can be asked next.
    follow_ups: Vec<String>,
    /// The readings to choose from, where there are several: say the label, or its number.
    pub(crate) choices: Vec<Choice>,
    took_ms: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Status {
    Answered,
    Clarify,
    Refused,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("chat-ask", "POST /v1/chat", "Answers a question in plain language")
        .details("Answered, asked back with the readings to choose from, or refused with what can be asked instead. Costs need `costs:read`.")
        .needs(&[Permission::AnalyticsRead])
        .body::<Body>()
        .refuses(404, "not_found", "The caller has no such conversation.")
        .ok::<View>()
}

/// Answers a question, asks back, or says what it can do.
///
/// # Errors
/// 422 for an empty or endless question, 404 for somebody else's conversation, 403 without the right to see sums.
pub async fn handle(ctx: &Context, request: Request) -> Result<Reply, ApiError> {
    let principal = request.require(Permission::AnalyticsRead)?;
    let body: Body = request.json()?;
    check(&body)?;
    let mut tenant = ctx.database.tenant(&principal).await?;
    let (today, fiscal_year_begins) = organizations::calendar(&mut tenant).await?;
    let calendar = Calendar { today, fiscal_year_begins };
    let view = ask(ctx, &mut tenant, &principal, (&body.question, body.conversation_id), calendar).await?;
    let verdict = serde_json::to_value(view.status)?;
    request.record(
        &mut tenant,
        Event::new(Action::ChatQueried)
            .about(Subject::new("message", view.message_id))
            .with("engine", view.engine.as_str())
            .with("verdict", verdict.as_str().unwrap_or_default())
            .with("sql", view.sql.as_deref().unwrap_or_default()),
    );
    tenant.commit().await?;
    tracing::info!(message.id = %view.message_id, verdict = verdict.as_str(), rows = view.rows.len(), "question answered");
    Reply::ok(&view)
}

fn check(body: &Body) -> Result<(), ApiError> {
    let question = body.question.trim();
    let refused =
        |code, message: String| Err(ApiError::validation(vec![FieldError::new("/question", code, message)]));
    if question.is_empty() {
        return refused("required", "Please ask something.".to_owned());
    }
    if question.chars().count() > QUESTION_CHARS_MAX {
        return refused("too_long", format!("A question has at most {QUESTION_CHARS_MAX} characters."));
    }
    if question.contains('\0') {
        return refused("invalid", "This holds a NUL character.".to_owned());
    }
    Ok(())
}

/// Reads, computes and remembers; the caller commits.
pub(crate) async fn ask(
    ctx: &Context,
    tenant: &mut Tenant,
    principal: &Principal,
    (question, conversation): (&str, Option<ConversationId>),
    calendar: Calendar,
) -> Result<View, ApiError> {
    let began = Instant::now();
    let (conversation, memory) = match conversation {
        Some(id) => {
            let known = conversations::lock(tenant, id).await?.ok_or_else(ApiError::not_found)?;
            (id, serde_json::from_value(known.memory).unwrap_or_default())
        }
        None => {
            let id = ConversationId::new();
            conversations::insert(tenant, id, question).await?;
            (id, Memory::default())
        }
    };
    let knowledge = ctx.knowledge(tenant, principal).await?;
    let world = World { knowledge: &knowledge, calendar };
    let mut view = View::empty(conversation);
    let mut reading = assistant::read(question, world, &memory);
    let mut statement = None;
    if let Some((advice, model)) = advised(ctx, principal, question, world, &memory, &reading).await? {
        view.engine = model;
        match advice {
            Advice::Plan(plan) => reading = Reading::Answerable(plan),
            Advice::Rows(rows) => statement = Some(rows),
        }
    }
    let mut next = memory;
    if let Some(Rows { table, sql, answer }) = statement {
        view.answer = answer;
        view.sql = Some(sql);
        view.show(table);
        next.choices.clear();
        return kept(tenant, question, view, &next, began).await;
    }
    match allowed(reading, principal) {
        Reading::Answerable(plan) => {
            let answer = answer::compute(tenant, &plan, &knowledge, calendar.today).await?;
            view.answer = assistant::sentence(&plan, &answer.table, &knowledge);
            view.chart = assistant::chart(&plan, &answer.table);
            view.receipt = Some(Receipt::of(tenant, &plan, &knowledge).await?);
            view.coverage = Some(receipt::missing(tenant, &plan).await?);
            view.sql = Some(answer.sql);
            view.sources = Sources::of(tenant, &plan).await?;
            next =
                Memory { plan: Some((*plan).clone()), rows: answer.table.keys.clone(), choices: Vec::new() };
            view.show(answer.table);
            view.plan = Some(*plan);
        }
        Reading::Clarify { message, choices } => {
            view.status = Status::Clarify;
            view.answer = message;
            view.follow_ups = choices.iter().map(|choice| choice.label.clone()).collect();
            next.choices.clone_from(&choices);
            view.choices = choices;
        }
        Reading::Refused { message } => {
            view.status = Status::Refused;
            view.answer = message;
            next.choices.clear();
        }
    }
    kept(tenant, question, view, &next, began).await
}

/// What a language model makes of a question that the built-in reading does not know. Several readings are the asker's choice.
async fn advised(
    ctx: &Context,
    principal: &Principal,
    question: &str,
    world: World<'_>,
    memory: &Memory,
    reading: &Reading,
) -> Result<Option<(Advice, String)>, ApiError> {
    let is_open = match reading {
        Reading::Answerable(_) => false,
        Reading::Clarify { choices, .. } => choices.is_empty(),
        Reading::Refused { .. } => true,
    };
    match ctx.advisor.as_ref().filter(|_| is_open) {
        // A deep future beside the deep ones of the database: apart, so that neither has to be laid out within the other.
        Some(advisor) => Box::pin(advisor.advise(&ctx.database, principal, question, world, memory)).await,
        None => Ok(None),
    }
}

async fn kept(
    tenant: &mut Tenant,
    question: &str,
    mut view: View,
    memory: &Memory,
    began: Instant,
) -> Result<View, ApiError> {
    view.took_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    keep(tenant, question, &view, memory).await?;
    Ok(view)
}

/// Costs are refused with a sentence where the caller may not see them.
fn allowed(reading: Reading, principal: &Principal) -> Reading {
    let may = principal.may(Permission::CostsRead);
    match reading {
        Reading::Answerable(plan) if plan.shows_costs() && !may => Reading::Refused {
            message: "To see costs, fees, profits and margins needs the permission costs:read, which you do not have.".to_owned(),
        },
        Reading::Clarify { message, mut choices } => {
            choices.retain(|choice| may || !choice.plan.shows_costs());
            Reading::Clarify { message, choices }
        }
        other => other,
    }
}

async fn keep(tenant: &mut Tenant, question: &str, view: &View, memory: &Memory) -> Result<(), ApiError> {
    let status = serde_json::to_value(view.status)?;
    let message = NewMessage {
        id: view.message_id,
        conversation: view.conversation_id,
        question,
        status: status.as_str().unwrap_or_default(),
        engine: &view.engine,
        answer: &view.answer,
        plan: view.plan.as_ref().map(serde_json::to_value).transpose()?,
        reply: serde_json::to_value(view)?,
    };
    conversations::add(tenant, &message, &serde_json::to_value(memory)?).await?;
    Ok(())
}

impl View {
    fn empty(conversation_id: ConversationId) -> Self {
        Self {
            conversation_id,
            message_id: MessageId::new(),
            status: Status::Answered,
            answer: String::new(),
            plan: None,
            sql: None,
            columns: Vec::new(),
            rows: Vec::new(),
            truncated: false,
            chart: None,
            receipt: None,
            sources: Sources::default(),
            coverage: None,
            engine: BUILT_IN.to_owned(),
            follow_ups: Vec::new(),
            choices: Vec::new(),
            took_ms: 0,
        }
    }

    fn show(&mut self, table: Table) {
        self.columns = table.columns;
        self.rows = table.rows;
        self.truncated = table.truncated;
    }
}
