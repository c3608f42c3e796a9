//! `POST /v1/chat`: a question in plain language, answered from the books.

use std::time::Instant;

use assistant::{Calendar, Choice, Column, Memory, Plan, Reading, Table, World};
use data::{
    Tenant,
    audit::{Event, Subject},
    coverage::Coverage,
    organizations,
};
use domain::{Action, ConversationId, MessageId};
use edge::{
    ApiError, Boxed, FieldError, Permission, Principal,
    http::{Progress, Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    Context, answer, lacks,
    model::{Advice, Rows},
    receipt::{self, Receipt, Sources},
    stream::{self, Stage},
    turn::Turn,
};

/// Longest question: nobody means anything by more.
const QUESTION_CHARS_MAX: usize = 2_000;

/// What answers without a model.
const BUILT_IN: &str = "built_in";

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Body {
    question: String,
    conversation_id: Option<ConversationId>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct View {
    pub(crate) conversation_id: ConversationId,
    pub(crate) message_id: MessageId,
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
        .refuses(409, "conversation_went_on", "Another question of the conversation was answered while a model was asked.")
        .ok::<View>()
}

/// Answers a question, asks back, or says what it can do.
///
/// # Errors
/// 422 for an empty or endless question, 404 for somebody else's conversation, 403 without the right to see sums; 409 when the
/// conversation went on while a model was asked.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move { answer(ctx, &request, &Progress::silent()).await })
}

/// The same, telling what it does.
pub(crate) async fn answer(ctx: &Context, request: &Request, progress: &Progress) -> Result<Reply, ApiError> {
    let principal = request.require(Permission::AnalyticsRead)?;
    let body: Body = request.json()?;
    check(&body)?;
    let mut tenant = ctx.database.tenant(&principal).await?;
    let (today, fiscal_year_begins) = organizations::calendar(&mut tenant).await?;
    let calendar = Calendar { today, fiscal_year_begins };
    let asked = (body.question.as_str(), body.conversation_id);
    let (view, mut tenant) = ask(ctx, tenant, &principal, asked, calendar, progress).await?;
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
    stream::words(progress, &view.answer);
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
///
/// Nobody waits for a model with a transaction open: the one that was given is
/// over by then, and what follows happens in another one, if the conversation has not gone on meanwhile.
pub(crate) async fn ask(
    ctx: &Context,
    mut tenant: Tenant,
    principal: &Principal,
    (question, conversation): (&str, Option<ConversationId>),
    calendar: Calendar,
    progress: &Progress,
) -> Result<(View, Tenant), ApiError> {
    let began = Instant::now();
    stream::stage(progress, Stage::Understanding);
    let turn = Turn::take(&mut tenant, conversation).await?;
    let knowledge = ctx.knowledge(&mut tenant, principal).await?;
    let world = World { knowledge: &knowledge, calendar };
    let mut view = View::empty(turn.conversation);
    let mut reading = assistant::read(question, world, &turn.memory);
    let mut statement = None;
    if let Some(advisor) = ctx.advisor.as_ref().filter(|_| is_open(&reading)) {
        tenant.rollback().await?;
        stream::stage(progress, Stage::AskingModel);
        // A deep future beside the deep ones of the database: apart, so that neither has to be laid out within the other.
        let advised =
            Box::pin(advisor.advise(&ctx.database, principal, question, world, &turn.memory)).await?;
        tenant = ctx.database.tenant(principal).await?;
        turn.take_again(&mut tenant).await?;
        if let Some((advice, model)) = advised {
            view.engine = model;
            match advice {
                Advice::Plan(plan) => reading = Reading::Answerable(plan),
                Advice::Rows(rows) => statement = Some(rows),
            }
        }
    }
    let mut next = turn.memory.clone();
    match statement {
        Some(Rows { table, sql, answer }) => {
            view.answer = answer;
            view.sql = Some(sql);
            view.show(table);
            next.choices.clear();
        }
        None => {
            let reading = allowed(reading, principal);
            view.follow(&mut tenant, reading, &mut next, world, progress).await?;
        }
    }
    view.took_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    turn.keep(&mut tenant, question, &view, &next).await?;
    Ok((view, tenant))
}

/// Whether a language model may be asked: several readings are the asker's choice.
fn is_open(reading: &Reading) -> bool {
    match reading {
        Reading::Answerable(_) => false,
        Reading::Clarify { choices, .. } => choices.is_empty(),
        Reading::Refused { .. } => true,
    }
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

    /// Does what a reading asks for: computes it, asks back, or says why not.
    async fn follow(
        &mut self,
        tenant: &mut Tenant,
        reading: Reading,
        next: &mut Memory,
        World { knowledge, calendar }: World<'_>,
        progress: &Progress,
    ) -> Result<(), ApiError> {
        match reading {
            Reading::Answerable(plan) => {
                stream::stage(progress, Stage::Running);
                let answer = answer::compute(tenant, &plan, knowledge, calendar.today).await?;
                self.receipt = Some(Receipt::of(tenant, &plan, knowledge).await?);
                let coverage = receipt::missing(tenant, &plan).await?;
                self.sources = Sources::of(tenant, &plan).await?;
                self.sql = Some(answer.sql);
                stream::stage(progress, Stage::Wording);
                self.answer = assistant::sentence(&plan, &answer.table, knowledge);
                if let Some(lacks) = lacks::sentence(&coverage, &plan.analysis.metrics, &knowledge.vendors) {
                    self.answer = format!("{} {lacks}", self.answer);
                }
                self.coverage = Some(coverage);
                self.chart = assistant::chart(&plan, &answer.table);
                *next = Memory {
                    plan: Some((*plan).clone()),
                    rows: answer.table.keys.clone(),
                    choices: Vec::new(),
                };
                self.show(answer.table);
                self.plan = Some(*plan);
            }
            Reading::Clarify { message, choices } => {
                self.status = Status::Clarify;
                self.answer = message;
                self.follow_ups = choices.iter().map(|choice| choice.label.clone()).collect();
                next.choices.clone_from(&choices);
                self.choices = choices;
            }
            Reading::Refused { message } => {
                self.status = Status::Refused;
                self.answer = message;
                next.choices.clear();
            }
        }
        Ok(())
    }

    fn show(&mut self, table: Table) {
        self.columns = table.columns;
        self.rows = table.rows;
        self.truncated = table.truncated;
    }
}
