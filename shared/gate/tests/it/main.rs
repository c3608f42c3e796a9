//! The gate, by corpora, by name, and under mutation.
#![expect(clippy::unwrap_used, reason = "tests stop at the first thing that is not as it should be")]

mod corpora;
mod fuzz;
mod rules;
mod speed;

use gate::{Asker, Checked, Refusal, check};

/// The organisation that the corpora act for.
const OWN: &str = "00000000-0000-0000-0000-00000000000a";

fn asker() -> Asker {
    Asker { org: domain::OrgId(OWN.parse().unwrap()), costs: true, rows: 1_000 }
}

fn gated(sql: &str) -> Result<Checked, Refusal> {
    check(sql, &asker())
}

/// The text of a statement that must be accepted.
fn accepted(sql: &str) -> String {
    gated(sql).unwrap_or_else(|refusal| panic!("{sql}\n-> {refusal}")).sql().to_owned()
}

/// The code of a statement that must be refused.
fn refused(sql: &str) -> &'static str {
    match gated(sql) {
        Ok(checked) => panic!("{sql}\n-> {}", checked.sql()),
        Err(refusal) => refusal.code(),
    }
}
