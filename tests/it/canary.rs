//! Secrets that people and machines give us, marked, and then looked for wherever they do not belong.

use std::{fs, path::Path};

use e2e::{Account, Stack};
use reqwest::Client;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, PgPool, Row as _};

/// Stands in no text that anybody else writes.
const MARK: &str = "canary7f3a9";

/// Columns that hold a mark because somebody wrote it there on purpose: a password that was hashed is not among them.
async fn columns_with(admin: &PgPool, mark: &str) -> Vec<String> {
    let columns = sqlx::query(
        "SELECT c.table_schema || '.' || c.table_name AS place, c.column_name AS name FROM information_schema.columns c
         JOIN information_schema.tables t USING (table_schema, table_name)
         WHERE t.table_type = 'BASE TABLE' AND c.table_schema IN ('public', 'wall')
             AND c.data_type IN ('text', 'json', 'jsonb', 'ARRAY', 'bytea')",
    )
    .fetch_all(admin)
    .await
    .unwrap();
    let mut found = Vec::new();
    for column in columns {
        let (place, name): (String, String) = (column.get("place"), column.get("name"));
        let query = format!("SELECT count(*) FROM {place} WHERE strpos({name}::text, $1) > 0");
        let rows: i64 =
            sqlx::query_scalar(AssertSqlSafe(query)).bind(mark).fetch_one(admin).await.unwrap_or_default();
        if rows > 0 {
            found.push(format!("{place}.{name}"));
        }
    }
    found
}

/// Files below a folder that hold one of these texts.
fn files_with(folder: &Path, texts: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else { return found };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_with(&path, texts));
        } else if let Ok(bytes) = fs::read(&path) {
            let text = String::from_utf8_lossy(&bytes);
            found.extend(
                texts
                    .iter()
                    .filter(|mark| text.contains(**mark))
                    .map(|mark| format!("{}: {mark}", path.display())),
            );
        }
    }
    found
}

/// What functions are given to keep: keys and passwords of the installation, wherever they stand in its secrets. Which key signs is no
/// secret.
async fn installed(stack: &Stack) -> Vec<String> {
    fn gather(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::String(text) => {
                let password =
                    text.split_once("://").and_then(|(_, rest)| rest.split_once('@')?.0.split_once(':'));
                found.push(password.map_or(text.as_str(), |(_, password)| password).to_owned());
            }
            Value::Array(values) => values.iter().for_each(|value| gather(value, found)),
            Value::Object(members) => {
                members.iter().filter(|(name, _)| *name != "kid").for_each(|(_, value)| gather(value, found));
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    let listed = stack.aws("secretsmanager.ListSecrets", &json!({ "MaxResults": 100 })).await.unwrap();
    for secret in listed["SecretList"].as_array().unwrap() {
        let asked = json!({ "SecretId": secret["ARN"] });
        let got = stack.aws("secretsmanager.GetSecretValue", &asked).await.unwrap();
        let text = got["SecretString"].as_str().unwrap();
        gather(&serde_json::from_str(text).unwrap_or_else(|_| text.into()), &mut found);
    }
    // Shorter ones are words that anybody may write.
    found.retain(|secret| secret.len() >= 16);
    assert!(found.len() >= 4, "{} secrets", found.len());
    found
}

/// Everything that a client may send as a secret, in right and in wrong places; gives all answers.
async fn give_secrets(stack: &Stack) -> Vec<String> {
    let http = Client::new();
    let password = format!("{MARK} harbour ledger 42");
    let name = format!("canary.{}@example.com", uuid::Uuid::now_v7().simple());
    let mut answers = Vec::new();
    let mut call = async |method: &str, path: &str, token: Option<&str>, body: Value| {
        let request = http.request(method.parse().unwrap(), format!("{}{path}", stack.api));
        let request =
            request.header("content-type", "application/json").header("x-api-key", format!("{MARK}-header"));
        // As a page of this installation does, or the cookies are refused at the door.
        let request = request.header("origin", stack.api.as_str());
        let request = request.header("cookie", format!("__Host-refresh={MARK}-cookie; other={MARK}"));
        let request = if let Some(token) = token { request.bearer_auth(token) } else { request };
        let response = request.body(body.to_string()).send().await.unwrap();
        let text = response.text().await.unwrap();
        answers.push(text.clone());
        serde_json::from_str::<Value>(&text).unwrap_or_default()
    };
    let register = json!({ "organization": "Canary", "email": name, "password": password });
    let session = call("POST", "/v1/auth/register", None, register).await;
    let token = session["access_token"].as_str().unwrap().to_owned();
    for wrong in [
        json!({ "email": name, "password": format!("{MARK} wrong") }),
        json!({ "email": name, "password": { "nested": MARK } }),
        json!({ "email": "nobody@example.com", "password": MARK }),
    ] {
        call("POST", "/v1/auth/login", None, wrong).await;
    }
    let tokens = [format!("{MARK}.{MARK}.{MARK}"), format!("slk_{MARK}"), format!("{token}{MARK}")];
    for wrong in &tokens {
        call("GET", "/v1/me", Some(wrong), Value::Null).await;
        call("POST", "/v1/auth/refresh", None, json!({ "refresh_token": wrong })).await;
        call("POST", "/v1/auth/password/reset", None, json!({ "token": wrong, "new_password": password }))
            .await;
        call("POST", "/v1/auth/login/mfa", None, json!({ "mfa_token": wrong, "code": "123456" })).await;
    }
    let change = json!({ "current_password": password, "new_password": format!("{MARK} other ledger 43") });
    call("POST", "/v1/auth/password", Some(&token), change).await;
    let half = json!({ "email": name, "password": format!("{MARK} other ledger 43"), "code": MARK });
    call("POST", "/v1/auth/login", None, half).await;
    answers
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_reaches_a_log_an_answer_a_mail_or_the_database() {
    let stack = Stack::from_env().unwrap();
    let answers = give_secrets(&stack).await;
    let echoed: Vec<&String> = answers.iter().filter(|answer| answer.contains(MARK)).collect();
    assert!(echoed.is_empty(), "{echoed:#?}");

    // A key is shown once and works; its text is nowhere afterwards. Nor is a presigned URL.
    let owner = Account::register(&stack, "Canary Keys").await.unwrap();
    let made =
        owner.post("/v1/api-keys", &json!({ "name": "k", "scopes": ["uploads:write"] })).await.unwrap();
    let key = made.body["key"].as_str().unwrap();
    // Its end is the secret; what it begins with is shown.
    let key = key[key.len() - 20..].to_owned();
    let id = owner.upload("canary.csv", b"a,b\n1,2\n").await.unwrap();
    owner.finished(&id).await.unwrap();
    owner.get(&format!("/v1/uploads/{id}/original")).await.unwrap();

    let secrets = [MARK, key.as_str(), owner.password.as_str()];
    let marks = [&secrets[..], &["X-Amz-Signature", "X-Amz-Credential"]].concat();
    let installed = installed(&stack).await;
    let all: Vec<&str> = marks.iter().copied().chain(installed.iter().map(String::as_str)).collect();
    let logs = stack.logs().await.unwrap();
    assert!(logs.iter().filter(|line| line.contains("request answered")).count() > 5, "{} lines", logs.len());
    let mut found: Vec<String> =
        logs.into_iter().filter(|line| all.iter().any(|mark| line.contains(mark))).collect();
    // Beside them lies the log of the emulator itself, which is S3 and tells its addresses.
    found.extend(files_with(&stack.mail_dir.parent().unwrap().join("logs"), &secrets));
    found.extend(files_with(&stack.mail_dir, &all));
    assert!(found.is_empty(), "{found:#?}");
    let admin = PgPool::connect(&stack.database.admin).await.unwrap();
    for mark in marks {
        let columns = columns_with(&admin, mark).await;
        assert!(columns.is_empty(), "{mark} stands in {columns:?}");
    }
}
