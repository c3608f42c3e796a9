//! What a client may send: nothing that a route does not know.

use std::fs;

use crate::tree;

/// Read from others than clients: of their texts we take what we know.
const FROM_AWS: &[&str] = &["api-auth/src/authorizer.rs"];

#[test]
fn every_body_and_query_refuses_unknown_fields() {
    let (mut open, mut seen) = (Vec::new(), 0);
    for path in tree::files("functions", ".rs") {
        let shown = tree::shown(&path);
        let is_route = shown.starts_with("functions/api-") && !shown.contains("/tests");
        if !is_route || FROM_AWS.iter().any(|file| shown.ends_with(file)) {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        for (at, _) in text.match_indices("Deserialize") {
            let line = text[..at].rfind('\n').map_or(0, |start| start + 1);
            if !text[line..].starts_with("#[derive(") {
                continue;
            }
            // From the derive to the item itself.
            let Some(item) = text[line..].find("struct ").map(|found| &text[line..line + found]) else {
                continue;
            };
            if item.contains("enum ") || item.contains("}\n") || item.contains("transparent") {
                continue;
            }
            seen += 1;
            let name = text[line + item.len()..].lines().next().unwrap_or_default();
            // What Secrets Manager holds is our own.
            if !item.contains("deny_unknown_fields") && !name.contains('(') && !name.contains("Secret ") {
                open.push(format!("{shown}: {name}"));
            }
        }
    }
    assert!(seen > 40, "the walk found only {seen}");
    assert!(open.is_empty(), "these take anything: {open:#?}");
}
