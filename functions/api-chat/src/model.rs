//! Asking a language model what the built-in reading does not know. A model reads the question and nothing of the books; what it
//! proposes is computed by the metric layer, or by the gate where no plan can say it. Whatever goes wrong, the built-in answer stands.

use std::time::Duration;

use assistant::{Brief, Cell, Column, Kind, Memory, Plan, Proposal, Table, World, guarded};
use data::{
    Database, Reader,
    model_calls::{self, About, NewCall},
    model_choices,
    quotas::{self, Quota},
    reader::{self, Checked},
};
use domain::OrgId;
use edge::{ApiError, Permission, Principal};
use gate::Asker;
use llm::{Answered, Embedder, Panel, Shape};

use crate::nearby::nearby;

/// For all models together: a caller waits, and the API for 29 s at most.
const PATIENCE: Duration = Duration::from_secs(20);

/// Set aside of the month's tokens before a question: questions at the same time cannot use more than there is.
const TOKENS_OF_A_QUESTION: i64 = 16_000;

/// The models of this installation, and what their statements run on.
pub struct Advisor {
    pub(crate) panel: Panel,
    pub(crate) reader: Reader,
    pub(crate) tokens_a_month: u64,
    /// Finds what is like a question.
    pub(crate) embedder: Embedder,
}

/// What a model made of a question.
pub(crate) enum Advice {
    Plan(Box<Plan>),
    Rows(Rows),
}

/// What a checked statement gave.
pub(crate) struct Rows {
    pub(crate) table: Table,
    pub(crate) sql: String,
    pub(crate) answer: String,
}

/// A proposal that may be followed.
enum Sound {
    Plan(Box<Plan>),
    Statement { checked: gate::Checked, meaning: String },
}

impl Advisor {
    /// Asks, and gives what may be shown with the name of the model; `None`: nobody had anything to say.
    pub(crate) async fn advise(
        &self,
        database: &Database,
        principal: &Principal,
        question: &str,
        world: World<'_>,
        memory: &Memory,
    ) -> Result<Option<(Advice, String)>, ApiError> {
        if self.panel.is_empty() {
            return Ok(None);
        }
        let Some(chosen) = self.prepare(database, principal.org_id).await? else { return Ok(None) };
        let shape = Shape { name: "reading", schema: Proposal::schema() };
        let near = nearby(database, principal, &self.embedder, question, world.knowledge).await;
        let brief = Brief::of(question, world, memory, &near);
        let (instructions, request) = (Brief::instructions(&gate::views::described()), brief.request());
        let judge = |text: &str| sound(text, world, principal);
        let asked = self.panel.propose(chosen.as_deref(), (&instructions, &request), &shape, PATIENCE, judge);
        let answered = asked.await;
        self.record(database, principal.org_id, &answered).await?;
        let Some((proposal, model)) = answered.answer else { return Ok(None) };
        let advice = match proposal {
            Sound::Plan(plan) => Some(Advice::Plan(plan)),
            Sound::Statement { checked, meaning } => self.run(principal, question, &checked, &meaning).await,
        };
        Ok(advice.map(|advice| (advice, model)))
    }

    async fn run(
        &self,
        principal: &Principal,
        question: &str,
        checked: &gate::Checked,
        meaning: &str,
    ) -> Option<Advice> {
        let limits = checked.limits();
        let runnable = Checked { sql: checked.sql(), rows: limits.rows, planned_rows: limits.planned_rows };
        match self.reader.run(principal, runnable).await {
            Ok(found) => {
                let table = shown(found);
                let answer = worded(meaning, &table, question);
                Some(Advice::Rows(Rows { table, sql: checked.sql().to_owned(), answer }))
            }
            Err(failure) => {
                tracing::warn!(sql.verdict = failure.code(), "the statement of a model gave no answer");
                None
            }
        }
    }

    /// Sets tokens aside, and says whom this organisation has asked; `None`: nobody, or the month's tokens are used up.
    async fn prepare(
        &self,
        database: &Database,
        org: OrgId,
    ) -> Result<Option<Option<Vec<String>>>, ApiError> {
        let mut tenant = database.system(org).await?;
        let chosen = model_choices::get(&mut tenant).await?;
        if chosen.as_ref().is_some_and(Vec::is_empty) {
            return Ok(None);
        }
        let used =
            quotas::take(&mut tenant, Quota::AiTokens, TOKENS_OF_A_QUESTION, self.tokens_a_month).await?;
        tenant.commit().await?;
        if !used.granted {
            tracing::warn!("no model was asked: the month's tokens are used up");
        }
        Ok(used.granted.then_some(chosen))
    }

    async fn record<T>(
        &self,
        database: &Database,
        org: OrgId,
        answered: &Answered<T>,
    ) -> Result<(), ApiError> {
        let mut tenant = database.system(org).await?;
        let mut used = 0;
        let mut all_say = true;
        for call in &answered.calls {
            let tokens = call.usage.map(|usage| (usage.input_tokens, usage.output_tokens));
            all_say &= tokens.is_some() || call.outcome != "answered";
            used += tokens.map_or(0, |(input, output)| i64::from(input) + i64::from(output));
            let call = NewCall {
                about: About::Question,
                model: &call.model,
                outcome: call.outcome,
                tokens,
                took: call.took,
            };
            model_calls::insert(&mut tenant, &call).await?;
        }
        // Of a call that did not say what it took, what was set aside stays used.
        if all_say {
            quotas::settle(&mut tenant, Quota::AiTokens, used - TOKENS_OF_A_QUESTION).await?;
        }
        tenant.commit().await?;
        Ok(())
    }
}

/// Whether a model's answer may be followed: the code says why not, and the next model is asked.
fn sound(text: &str, world: World<'_>, principal: &Principal) -> Result<Sound, &'static str> {
    match Proposal::read(text, world.knowledge)? {
        Proposal::Plan { plan } if plan.shows_costs() && !principal.may(Permission::CostsRead) => {
            Err("not_allowed")
        }
        Proposal::Plan { plan } => Ok(Sound::Plan(plan)),
        Proposal::Sql { .. } if !principal.may(Permission::SalesRead) => Err("not_allowed"),
        Proposal::Sql { sql, meaning } => {
            let costs = principal.may(Permission::CostsRead);
            let asker = Asker { org: principal.org_id, costs, rows: assistant::ROWS_MAX };
            let checked = gate::check(&sql, &asker).map_err(|refusal| refusal.code())?;
            Ok(Sound::Statement { checked, meaning })
        }
        Proposal::Nothing => Err("nothing"),
    }
}

fn shown(found: reader::Table) -> Table {
    let columns = found.columns.into_iter().map(|column| {
        let kind = match column.kind {
            reader::Kind::Integer | reader::Kind::Decimal => Kind::Decimal,
            reader::Kind::Date => Kind::Date,
            _ => Kind::Text,
        };
        Column { name: column.name, kind, unit: None }
    });
    let columns: Vec<_> = columns.collect();
    let cell = |(cell, column): (reader::Cell, &Column)| match cell {
        reader::Cell::None => Cell::Nothing,
        reader::Cell::Boolean(value) => Cell::Text(value.to_string()),
        reader::Cell::Integer(number) => Cell::Number(number.into()),
        reader::Cell::Text(text) if column.kind == Kind::Decimal => {
            text.parse().map_or_else(|_| Cell::Text(text), Cell::Number)
        }
        reader::Cell::Text(text) => Cell::Text(text),
    };
    let rows = found.rows.into_iter().map(|row| row.into_iter().zip(&columns).map(cell).collect()).collect();
    Table { rows, columns, truncated: found.truncated, keys: Vec::new(), reasons: Vec::new() }
}

/// What was computed, as far as the result bears it out, and how much it is.
fn worded(meaning: &str, table: &Table, question: &str) -> String {
    let said = guarded(meaning, table, question);
    let counted = match table.rows.len() {
        0 => "There are no rows.".to_owned(),
        1 => "There is one row.".to_owned(),
        rows => format!("There are {rows} rows{}.", if table.truncated { ", and more" } else { "" }),
    };
    let basis = "This was computed by a statement that a language model wrote: check it in sql.";
    [said.as_str(), &counted, basis].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
}
