//! `docs/reporting.md`: what the comments of the reporting schema say, for people who write SQL.

use std::{fmt::Write as _, fs, path::Path};

use testkit::TestDatabase;

const OPENING: &str = "# The reporting schema

For SQL and BI tools: one schema, `reporting`, of views that show an organisation its own rows, and of these what the reader may see.
`POST /v1/sql` answers queries over them; figures are those of the metric layer (`GET /v1/metrics`). This page is written from the
comments in the database: `make docs`.
";

#[derive(sqlx::FromRow)]
struct Column {
    view: String,
    view_meaning: Option<String>,
    name: String,
    kind: String,
    meaning: Option<String>,
}

async fn written(database: &TestDatabase) -> String {
    let columns: Vec<Column> = sqlx::query_as(
        "SELECT c.relname::text AS view, obj_description(c.oid) AS view_meaning, a.attname::text AS name,
                format_type(a.atttypid, a.atttypmod) AS kind, col_description(c.oid, a.attnum) AS meaning
         FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
         WHERE c.relnamespace = 'reporting'::regnamespace AND c.relkind = 'v' AND a.attnum > 0 AND NOT a.attisdropped
         ORDER BY c.relname, a.attnum",
    )
    .fetch_all(database.admin())
    .await
    .unwrap();
    let mut text = OPENING.to_owned();
    let mut view = "";
    for column in &columns {
        if column.view != view {
            view = &column.view;
            let meaning = column.view_meaning.as_deref().unwrap_or_else(|| panic!("{view} has no comment"));
            write!(text, "\n## {view}\n\n{meaning}\n\n| column | type | meaning |\n|---|---|---|\n").unwrap();
        }
        let meaning =
            column.meaning.as_deref().unwrap_or_else(|| panic!("{view}.{} has no comment", column.name));
        writeln!(text, "| `{}` | {} | {meaning} |", column.name, column.kind).unwrap();
    }
    text
}

#[tokio::test]
async fn the_manual_says_what_the_comments_say() {
    let database = TestDatabase::new().await;
    let text = written(&database).await;
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reporting.md");
    #[expect(clippy::disallowed_methods, reason = "a wish of the developer, no configuration")]
    if std::env::var("DOCS").is_ok_and(|wish| wish == "write") {
        fs::write(&place, &text).unwrap();
    }
    let kept = fs::read_to_string(&place).unwrap_or_default();
    assert!(kept == text, "docs/reporting.md is old: `make docs` writes it anew");
    assert!(text.matches("\n## ").count() >= 8, "{text}");
}
