//! Asks a language model about the layout of a held upload. The upload has ended before: whatever happens here, its state,
//! its rows and its own questions stay as they are.

use std::sync::Arc;

use data::{
    Tenant,
    model_calls::{self, About, NewCall},
    quotas::{self, Quota},
    reference,
    uploads::{self, Upload},
};
use domain::{OrgId, Question, Reference, UploadId, UploadStatus};
use ingest::{Advice, Brief};
use llm::{Model, Reply};
use tokio::{task, time::Instant};

use crate::{Context, profiles, source::Source};

/// Larger files are left to people: there may be no time to read them once more.
const FILE_BYTES_MAX: u64 = 20 * 1024 * 1024;

/// A person who answers half of the questions has the file read, and the model asked, again.
const CALLS_MAX: i64 = 3;

/// Set aside of the month's tokens before a call, which takes less: calls at the same time cannot use more than there is.
const TOKENS_OF_A_CALL: i64 = 16_000;

/// Puts a model's proposal beside the questions of an upload, where one is configured and has one that proves itself.
pub(crate) async fn suggest(ctx: &Context, org: OrgId, id: UploadId) {
    let Some(model) = &ctx.model else { return };
    if let Err(error) = attach(ctx, model, org, id).await {
        tracing::warn!(upload.id = %id, error = format!("{error:#}"), "no proposal of a model");
    }
}

async fn attach(ctx: &Context, model: &Model, org: OrgId, id: UploadId) -> anyhow::Result<()> {
    let Some(upload) = unsure(ctx, org, id).await? else { return Ok(()) };
    let copy = ctx.inbox.copy_locally(&upload.object_key, FILE_BYTES_MAX).await?;
    // The object may have been replaced since it was read.
    if upload.sha256.as_deref() != Some(copy.fetched.sha256.as_str()) {
        return Ok(());
    }
    let source = Arc::new(Source::of(&upload, copy.path()));
    let briefing = {
        let (source, questions) = (source.clone(), upload.questions.clone());
        task::spawn_blocking(move || Brief::of(&source.input(), &questions))
    };
    let Some(brief) = briefing.await?? else { return Ok(()) };
    let began = Instant::now();
    let reply = model.ask(&Brief::instructions(), &brief.request()).await;
    let took = began.elapsed();
    let tokens = reply.as_ref().ok().and_then(|reply| reply.usage);
    let advice = understood(&brief, reply);
    let mut tenant = ctx.database.system(org).await?;
    let proposed = match advice {
        Ok(advice) => weigh(ctx, &mut tenant, model, source, &upload, advice).await?.ok_or("not_proven"),
        Err(code) => Err(code),
    };
    let outcome = match &proposed {
        Ok(_) => "proposed",
        Err(code) => code,
    };
    let tokens = tokens.map(|usage| (usage.input_tokens, usage.output_tokens));
    let call = NewCall { about: About::Layout(id), model: model.name(), outcome, tokens, took };
    model_calls::insert(&mut tenant, &call).await?;
    // Of a call that did not say what it took, what was set aside stays used.
    if let Some((input, output)) = tokens {
        let rest = i64::from(input) + i64::from(output) - TOKENS_OF_A_CALL;
        quotas::settle(&mut tenant, Quota::AiTokens, rest).await?;
    }
    if let Ok(questions) = &proposed {
        uploads::suggest(&mut tenant, id, &upload.questions, questions).await?;
    }
    tenant.commit().await?;
    tracing::info!(
        upload.id = %id,
        model.outcome = outcome,
        model.duration_ms = took.as_millis(),
        model.input_tokens = tokens.map(|(input, _)| input),
        model.output_tokens = tokens.map(|(_, output)| output),
        "model asked"
    );
    Ok(())
}

/// The upload, when its layout was found by looking at it and left something open that no model was asked about yet.
async fn unsure(ctx: &Context, org: OrgId, id: UploadId) -> anyhow::Result<Option<Upload>> {
    let mut tenant = ctx.database.system(org).await?;
    let Some(upload) = uploads::find(&mut tenant, id).await? else { return Ok(None) };
    let calls = model_calls::count(&mut tenant, id).await?;
    let mut is_open = upload.status == UploadStatus::NeedsReview
        && upload.layout.as_deref() == Some("generic")
        && upload.size_bytes <= FILE_BYTES_MAX
        && calls.of_this_reading == 0
        && calls.all < CALLS_MAX;
    if is_open
        && !quotas::take(&mut tenant, Quota::AiTokens, TOKENS_OF_A_CALL, ctx.ai_tokens_a_month).await?.granted
    {
        tracing::warn!(upload.id = %id, "no proposal of a model: the month's tokens are used up");
        is_open = false;
    }
    tenant.commit().await?;
    Ok(is_open.then_some(upload))
}

/// What the model proposes, or the code of why that is nothing.
fn understood(brief: &Brief, reply: Result<Reply, llm::Error>) -> Result<Advice, &'static str> {
    let advice = brief.read(&reply.map_err(llm::Error::code)?.content).map_err(|_| "invalid")?;
    if advice.is_empty() { Err("nothing") } else { Ok(advice) }
}

/// Reads the file as the model proposes.
async fn weigh(
    ctx: &Context,
    tenant: &mut Tenant,
    model: &Model,
    source: Arc<Source>,
    upload: &Upload,
    advice: Advice,
) -> anyhow::Result<Option<Vec<Question>>> {
    let profiles = profiles::in_use(ctx, tenant).await?;
    let reference = Reference::new(&reference::load(tenant).await?);
    let (questions, name) = (upload.questions.clone(), model.name().to_owned());
    let weighing = task::spawn_blocking(move || {
        ingest::weigh(&source.input(), &profiles, &reference, &questions, &advice, &name)
    });
    Ok(weighing.await?)
}

#[cfg(test)]
mod tests;
