//! What a question may mean, found by likeness: confirmed questions, products, metrics and pieces of documents that a model is told of besides the names
//! in the question. It only ever chooses what a model sees; figures and rights are decided elsewhere (decision 32).

use assistant::{Example, Knowledge, Near, Proposal, discreet};
use data::{
    Database,
    embeddings::{self, Kind},
    quotas::{self, Quota},
};
use domain::{OrgId, metrics::Metric};
use edge::{ApiError, Permission, Principal};
use llm::Embedder;
use serde_json::json;

const EXAMPLES_MAX: u32 = 5;
const PRODUCTS_MAX: u32 = 20;
const METRICS_MAX: u32 = 5;
const DOCUMENTS_MAX: u32 = 3;

/// What is like the question. Nothing that goes wrong here stops it: then nothing is.
pub(crate) async fn nearby(
    database: &Database,
    principal: &Principal,
    embedder: &Embedder,
    question: &str,
    knowledge: &Knowledge,
) -> Near {
    // Boxed, as all that is deep.
    match Box::pin(search(database, principal, embedder, question, knowledge)).await {
        Ok(near) => near,
        Err(error) => {
            tracing::warn!(error.code = error.code(), "nothing is known to be like the question");
            Near::default()
        }
    }
}

async fn search(
    database: &Database,
    principal: &Principal,
    embedder: &Embedder,
    question: &str,
    knowledge: &Knowledge,
) -> Result<Near, ApiError> {
    bring_up_to_date(database, principal.org_id, embedder).await?;
    let vectors = vectors(database, principal.org_id, embedder, &[question]).await?;
    let [vector] = vectors.as_slice() else { return Ok(Near::default()) };
    let maker = embedder.name();
    let mut tenant = database.tenant(principal).await?;
    let examples = embeddings::examples(&mut tenant, maker, vector, EXAMPLES_MAX).await?;
    let products = embeddings::nearest(&mut tenant, Kind::Product, maker, vector, PRODUCTS_MAX).await?;
    let metrics = embeddings::nearest(&mut tenant, Kind::Metric, maker, vector, METRICS_MAX).await?;
    let documents = embeddings::pieces(&mut tenant, maker, vector, DOCUMENTS_MAX).await?;
    let examples = examples.into_iter().filter_map(|example| {
        // Held against what this caller may see and knows, as a model's proposal is: who confirmed it may see more.
        let plan = json!({"kind": "plan", "plan": example.plan}).to_string();
        match Proposal::read(&plan, knowledge) {
            Ok(Proposal::Plan { plan }) if !plan.shows_costs() || principal.may(Permission::CostsRead) => {
                Some(Example { question: example.question, plan: *plan })
            }
            _ => None,
        }
    });
    let documents = documents.iter().map(|piece| discreet(piece)).collect();
    Ok(Near { examples: examples.collect(), products, metrics, documents })
}

/// Makes the vectors that are missing or old, as many as one call makes: the rest comes with the next question. No transaction is open
/// while a service is asked.
async fn bring_up_to_date(database: &Database, org: OrgId, embedder: &Embedder) -> Result<(), ApiError> {
    let metrics: Vec<(&str, String)> = Metric::ALL
        .iter()
        .map(|metric| {
            (
                metric.definition().key,
                format!("{} {}", metric.definition().title, metric.definition().meaning),
            )
        })
        .collect();
    let metrics: Vec<(&str, &str)> = metrics.iter().map(|(key, text)| (*key, text.as_str())).collect();
    let mut tenant = database.system(org).await?;
    let due = embeddings::due(&mut tenant, embedder.name(), &metrics, embedder.at_once()).await?;
    tenant.rollback().await?;
    if due.is_empty() {
        return Ok(());
    }
    let texts: Vec<&str> = due.iter().map(|due| due.text.as_str()).collect();
    let vectors = vectors(database, org, embedder, &texts).await?;
    let mut tenant = database.system(org).await?;
    embeddings::keep(&mut tenant, embedder.name(), &due, &vectors).await?;
    tenant.commit().await?;
    Ok(())
}

/// The vectors, and what they cost, which comes out of the month's tokens like all that models do.
async fn vectors(
    database: &Database,
    org: OrgId,
    embedder: &Embedder,
    texts: &[&str],
) -> Result<Vec<Vec<f32>>, ApiError> {
    let embedded = embedder.embed(texts).await?;
    if let Some(usage) = embedded.usage {
        let mut tenant = database.system(org).await?;
        quotas::settle(&mut tenant, Quota::AiTokens, i64::from(usage.input_tokens)).await?;
        tenant.commit().await?;
    }
    Ok(embedded.vectors)
}
