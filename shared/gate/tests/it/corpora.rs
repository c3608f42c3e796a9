//! The corpora of attacks and of honest statements.

use std::path::Path;

use serde::Deserialize;

use crate::{OWN, accepted, gated};

#[derive(Deserialize)]
pub(crate) struct Statement {
    pub id: String,
    pub sql: String,
    pub expect: String,
}

/// Statements of `tests/fixtures/corpora`; lines without SQL are questions.
pub(crate) fn corpus(name: &str) -> Vec<Statement> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/corpora").join(name);
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

#[test]
fn what_must_be_refused_is_and_what_is_harmless_carries_the_tenant_or_reads_nothing() {
    let statements = corpus("hostile_sql.jsonl");
    assert!(statements.len() > 190, "{}", statements.len());
    let (mut refused, mut wrapped) = (0, 0);
    for Statement { id, sql, expect } in statements {
        match gated(&sql) {
            Err(refusal) => {
                refused += 1;
                assert!(!refusal.to_string().to_lowercase().contains("error"), "{id}: {refusal}");
            }
            Ok(checked) => {
                assert_eq!(expect, "harmless", "{id} is accepted: {}", checked.sql());
                let reads = checked.sql().matches("FROM reporting.").count();
                assert_eq!(
                    reads,
                    checked.sql().matches(&format!("tenant_id = '{OWN}'::uuid")).count(),
                    "{id}"
                );
                wrapped += 1;
            }
        }
    }
    assert!(refused >= 170 && wrapped <= 24, "{refused} refused, {wrapped} accepted");
}

#[test]
fn honest_statements_are_accepted_and_stay_the_same_when_they_are_checked_again() {
    let statements = corpus("legit_sql.jsonl");
    assert!(statements.len() >= 25);
    for Statement { sql, .. } in statements {
        let once = accepted(&sql);
        assert_eq!(accepted(&once), once);
        assert!(once.matches("reporting.").count() == once.matches(OWN).count(), "{once}");
    }
}
