//! What a reader of figures must know.

use data::{Tenant, analytics};
use domain::metrics::{Analysis, Metric, Sums};
use reporting::document::{Block, Note, Section};

use super::Scope;
use crate::make::Fault;

/// Currency, VAT, what the metrics mean and where the figures come from.
pub(super) async fn section(
    tenant: &mut Tenant,
    scope: &Scope,
    analysis: &Analysis,
    (metrics, sums): (&[Metric], &Sums),
) -> Result<(Section, Vec<Block>), Fault> {
    let mut notes = vec![currency(sums), vat(tenant, scope, analysis).await?];
    notes.extend(metrics.iter().map(|metric| {
        let definition = metric.definition();
        Note::new(definition.title, definition.meaning)
    }));
    notes.push(Note::new(
        "Comparison",
        format!(
            "Previous period: {}. Last year: {}. A row counts on the day of its sale or, where a file states none, on the last \
             day of its period.",
            scope.dates(scope.before),
            scope.dates(scope.last_year)
        ),
    ));
    notes.push(sources(tenant, scope, analysis).await?);
    Ok((Section::new("Notes", None), vec![Block::Notes(notes)]))
}

fn currency(sums: &Sums) -> Note {
    let text = match sums.unconverted {
        0 => "Amounts are in euro, converted at the rate of their month.".to_owned(),
        rows => format!(
            "Amounts are in euro, converted at the rate of their month. {rows} rows have no rate yet and are in no sum: see \
             Coverage."
        ),
    };
    Note::new("Currency", text)
}

async fn vat(tenant: &mut Tenant, scope: &Scope, analysis: &Analysis) -> Result<Note, Fault> {
    let mut bases: [Vec<String>; 3] = Default::default();
    for basis in analytics::vat_bases(tenant, analysis).await? {
        let place = match basis.vat_included {
            Some(true) => 0,
            Some(false) => 1,
            None => 2,
        };
        bases[place].push(scope.vendor(&basis.vendor).to_owned());
    }
    let words = ["including VAT", "without VAT", "not stated"];
    let parts: Vec<String> = bases
        .iter()
        .zip(words)
        .filter(|(vendors, _)| !vendors.is_empty())
        .map(|(vendors, word)| format!("{word}: {}", vendors.join(", ")))
        .collect();
    Ok(match parts.is_empty() {
        true => Note::new("VAT", "No vendor has reported yet."),
        false => Note::new("VAT", format!("Amounts are as each vendor reports them. {}.", parts.join("; "))),
    })
}

/// How many files are named one by one.
const SOURCES_NAMED: u32 = 40;

async fn sources(tenant: &mut Tenant, scope: &Scope, analysis: &Analysis) -> Result<Note, Fault> {
    let sources = analytics::sources(tenant, analysis, SOURCES_NAMED + 1).await?;
    let named = sources.iter().take(SOURCES_NAMED as usize);
    let named: Vec<String> = named
        .map(|source| format!("{} ({})", source.file_name, scope.locale.date(source.stated_at.date_naive())))
        .collect();
    let text = match (named.is_empty(), sources.len() > named.len()) {
        (true, _) => "No file states anything about these days.".to_owned(),
        (false, false) => format!("{}.", named.join(", ")),
        (false, true) => format!("{}, and older ones.", named.join(", ")),
    };
    Ok(Note::new("Files", text))
}
