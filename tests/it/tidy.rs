//! The rules of the tree: which crate may know which, how long files grow, who may read the environment.

use std::{collections::BTreeSet, fs};

use crate::tree;

/// Longest source file in lines, tests not counted: past this a file is split by noun.
const FILE_LINES_MAX: usize = 400;
/// Longest `main` of a Lambda, in lines of its file.
const BIN_LINES_MAX: usize = 25;

fn workspace_names() -> BTreeSet<String> {
    tree::packages().into_iter().map(|p| p.name).collect()
}

#[test]
fn dependencies_point_one_way() {
    let workspace = workspace_names();
    let mut wrong = Vec::new();
    for package in tree::packages() {
        let allowed: &[&str] = match package.name.as_str() {
            "domain" => &[],
            "llm" | "oidc" | "statistics" => &[],
            "data" | "gate" | "ingest" | "mail" | "cloud" | "columnar" | "reporting" => &["domain"],
            "assistant" => &["domain", "statistics"],
            "alerts" => &["data", "domain", "statistics"],
            "testkit" => &["data", "domain", "edge"],
            "edge" => &["data", "domain", "reporting"],
            "job-export-generate" => &["cloud", "columnar", "data", "domain", "edge", "reporting"],
            // It asks every area what its routes are.
            "e2e" => continue,
            _ => &[
                "alerts",
                "assistant",
                "cloud",
                "data",
                "domain",
                "edge",
                "gate",
                "ingest",
                "llm",
                "mail",
                "oidc",
                "reporting",
                "statistics",
            ],
        };
        for dependency in package.dependencies.intersection(&workspace) {
            if !allowed.contains(&dependency.as_str()) {
                wrong.push(format!("{} -> {dependency}", package.name));
            }
        }
    }
    assert!(wrong.is_empty(), "not allowed: {wrong:?}");
}

#[test]
fn every_migration_has_a_number_of_its_own() {
    let mut seen = BTreeSet::new();
    for entry in fs::read_dir(tree::root().join("migrations")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let number = name.split('_').next().unwrap().to_owned();
        assert!(seen.insert(number), "another migration has the number of {name}");
    }
}

#[test]
fn each_heavy_dependency_has_one_home() {
    let homes = [
        ("sqlx", &["data", "testkit"][..]),
        ("aws-sdk-s3", &["cloud"]),
        ("aws-sdk-sqs", &["cloud"]),
        ("aws-sdk-sesv2", &["mail"]),
        ("lettre", &["mail"]),
        ("aws-sdk-secretsmanager", &["edge"]),
        ("async-openai", &["llm"]),
        ("pg_query", &["gate"]),
        ("rust_xlsxwriter", &["reporting"]),
        ("pdf-writer", &["reporting"]),
        ("image", &["reporting"]),
        ("parquet", &["columnar"]),
    ];
    for package in tree::packages() {
        for (dependency, allowed) in homes {
            assert!(
                !package.dependencies.contains(dependency) || allowed.contains(&package.name.as_str()),
                "{} must not use {dependency}: its home is {allowed:?}",
                package.name
            );
        }
    }
}

#[test]
fn folders_are_named_like_their_package_and_use_the_workspace_versions_and_lints() {
    for package in tree::packages() {
        assert!(
            package.folder.ends_with(&format!("/{}", package.name)),
            "{} holds {}",
            package.folder,
            package.name
        );
        assert_eq!(package.manifest["lints"]["workspace"].as_bool(), Some(true), "{}", package.name);
        for table in ["dependencies", "dev-dependencies"] {
            let Some(dependencies) = package.manifest.get(table).and_then(|t| t.as_table()) else { continue };
            for (name, value) in dependencies {
                assert_eq!(
                    value.get("workspace").and_then(toml::Value::as_bool),
                    Some(true),
                    "{}: {name}",
                    package.name
                );
            }
        }
    }
}

#[test]
fn a_lambda_is_one_short_bin_named_noun_verb() {
    for package in tree::packages().into_iter().filter(|p| p.folder.starts_with("functions/")) {
        assert!(!package.bins.is_empty(), "{} has no bin", package.name);
        for bin in &package.bins {
            assert!(bin.contains('-') && bin.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{bin}");
            let path = tree::root().join(&package.folder).join("src/bin").join(format!("{bin}.rs"));
            let lines =
                fs::read_to_string(&path).unwrap_or_else(|_| panic!("{} is missing", tree::shown(&path)));
            assert!(
                lines.lines().count() <= BIN_LINES_MAX,
                "{} is more than {BIN_LINES_MAX} lines",
                tree::shown(&path)
            );
        }
        let readme = tree::root().join(&package.folder).join("README.md");
        assert!(readme.exists(), "{} is missing", tree::shown(&readme));
    }
}

#[test]
fn source_files_stay_short() {
    for folder in ["functions", "shared"] {
        for path in tree::files(folder, ".rs") {
            let shown = tree::shown(&path);
            if shown.contains("/tests") || shown.ends_with("tests.rs") {
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(&text);
            assert!(code.lines().count() <= FILE_LINES_MAX, "{shown} has {} lines", code.lines().count());
        }
    }
}

#[test]
fn nothing_is_named_after_what_it_is_not() {
    for folder in ["functions", "shared", "tests"] {
        for path in tree::files(folder, ".rs") {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            assert!(
                !["utils", "util", "common", "helpers", "helper", "misc"].contains(&name.as_str()),
                "{}",
                tree::shown(&path)
            );
        }
    }
}

#[test]
fn tests_are_never_skipped() {
    for folder in ["functions", "shared", "tests"] {
        for path in tree::files(folder, ".rs") {
            let text = fs::read_to_string(&path).unwrap();
            assert!(!text.contains(concat!("#[", "ignore")), "{} skips a test", tree::shown(&path));
        }
    }
}

#[test]
fn migrations_can_run_on_tables_that_hold_rows() {
    for path in tree::files("migrations", ".sql") {
        let sql = fs::read_to_string(&path).unwrap().to_uppercase();
        for statement in sql.split(';') {
            let adds = statement.contains("ADD COLUMN") && statement.contains("NOT NULL");
            assert!(
                !adds || statement.contains("DEFAULT"),
                "{}: NOT NULL without DEFAULT",
                tree::shown(&path)
            );
            assert!(
                !statement.contains("CREATE EXTENSION"),
                "{}: no extension is to be had everywhere",
                tree::shown(&path)
            );
        }
    }
}
