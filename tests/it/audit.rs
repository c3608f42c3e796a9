//! Every function that changes something says so in the audit trail.

use std::fs;

use crate::tree;

/// Changes that are no events, by their file: whoever adds one says why.
const SILENT: &[(&str, &str)] = &[
    ("api-analytics/src/answers.rs", "an answer that was given is kept"),
    ("api-auth/src/address_resend.rs", "a mail to oneself"),
    ("api-auth/src/mfa/begin.rs", "holds from its confirmation on"),
    ("api-auth/src/password_forgot.rs", "anybody may ask; what counts is the reset"),
    ("api-chat/src/nearby.rs", "vectors of texts that are there already"),
    ("job-export-generate/src/make.rs", "progress; the end is an event"),
    ("job-report-generate/src/make.rs", "progress; the end is an event"),
    ("job-email-events/src/take.rs", "the history of the mail is its record"),
    ("job-email-send/src/letter.rs", "a token that its mail alone has"),
    ("job-email-send/src/send.rs", "the mail log is its record"),
    ("job-upload-sweep/src/digests.rs", "the mail log is its record"),
    ("job-file-ingest/src/suggest.rs", "a proposal changes nothing"),
];

#[test]
fn whatever_commits_records_what_it_did() {
    let mut silent = Vec::new();
    for path in tree::files("functions", ".rs") {
        let shown = tree::shown(&path);
        let text = fs::read_to_string(&path).unwrap();
        let is_test = shown.contains("/tests") || shown.ends_with("setting.rs");
        let records = [".record(", "requeue(", "session::open("].iter().any(|call| text.contains(call));
        let known = SILENT.iter().any(|(file, _)| shown.ends_with(file));
        if text.contains(".commit()") && !records && !is_test && !known {
            silent.push(shown);
        }
    }
    assert!(silent.is_empty(), "these commit and record nothing: {silent:?}");
}
