//! Where the stack under test listens.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde_json::{Value, json};

/// Events that a page of a log has at most.
const LOG_EVENTS_MAX: usize = 10_000;

/// The contents of `endpoints.json`, as `make run` writes it for tools.
#[derive(Debug, Clone, Deserialize)]
pub struct Stack {
    /// Base URL of the API, without `/v1`.
    pub api: String,
    pub database: Databases,
    pub s3: S3,
    pub aws: Aws,
    pub identity_provider: IdentityProvider,
    /// Folder with one `.eml` a mail.
    pub mail_dir: PathBuf,
}

/// Addresses of the stack's database.
#[derive(Debug, Clone, Deserialize)]
pub struct Databases {
    /// Sees everything.
    pub admin: String,
}

/// The inbox bucket.
#[derive(Debug, Clone, Deserialize)]
pub struct S3 {
    pub endpoint: String,
    pub inbox_bucket: String,
}

/// The emulated AWS.
#[derive(Debug, Clone, Deserialize)]
pub struct Aws {
    pub endpoint: String,
    pub queues: Queues,
    /// Takes mails instead of SES.
    pub ses_endpoint: String,
}

/// An OpenID Connect provider that signs in whomever a form names.
#[derive(Debug, Clone, Deserialize)]
pub struct IdentityProvider {
    /// What the installation calls it.
    pub id: String,
    pub issuer: String,
}

/// Queue URLs.
#[derive(Debug, Clone, Deserialize)]
pub struct Queues {
    pub ingest: String,
    pub ingest_dlq: String,
}

impl Stack {
    /// # Errors
    /// When `E2E_ENDPOINTS` is not set or names no readable file: `make test` starts the stack and sets it.
    pub fn from_env() -> Result<Self> {
        #[expect(clippy::disallowed_methods, reason = "tests have no configuration of their own")]
        let path = std::env::var("E2E_ENDPOINTS").context("E2E_ENDPOINTS is not set: run `make test`")?;
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {path}"))?;
        serde_json::from_str(&text).with_context(|| format!("{path} is not an endpoints file"))
    }

    /// Calls an AWS JSON API of the emulator, for example `AmazonSQS.SendMessage`.
    ///
    /// # Errors
    /// When the call does not answer 200.
    pub async fn aws(&self, target: &str, body: &Value) -> Result<Value> {
        let service = match target.split(['.', '_']).next() {
            Some("secretsmanager") => "secretsmanager",
            Some("Logs") => "logs",
            _ => "sqs",
        };
        let response = reqwest::Client::new()
            .post(&self.aws.endpoint)
            .header("x-amz-target", target)
            .header("content-type", "application/x-amz-json-1.0")
            .header("authorization", format!("AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/{service}/aws4_request, SignedHeaders=host, Signature=0"))
            .body(body.to_string())
            .send()
            .await?
            .error_for_status()?;
        Ok(serde_json::from_str(&response.text().await?).unwrap_or(json!({})))
    }

    /// Every line that the functions have logged so far.
    ///
    /// # Errors
    /// When the emulator does not tell.
    pub async fn logs(&self) -> Result<Vec<String>> {
        let mut lines = Vec::new();
        for group in self.log_groups().await? {
            self.read_log(&group, &mut lines).await?;
        }
        Ok(lines)
    }

    /// The log of every function; the emulator tells fifty at once.
    async fn log_groups(&self) -> Result<Vec<String>> {
        let (mut names, mut ask) = (Vec::new(), json!({}));
        loop {
            let page = self.described_groups(&ask).await?;
            let groups = page["logGroups"].as_array().context("no log groups")?;
            names.extend(groups.iter().filter_map(|group| group["logGroupName"].as_str().map(str::to_owned)));
            match page.get("nextToken").filter(|token| token.is_string()) {
                Some(next) => ask["nextToken"] = next.clone(),
                None => return Ok(names),
            }
        }
    }

    /// The emulator stumbles over its own list when a function begins a log while it reads it.
    async fn described_groups(&self, ask: &Value) -> Result<Value> {
        const TRIES: usize = 20;
        for _ in 1..TRIES {
            if let Ok(page) = self.aws("Logs_20140328.DescribeLogGroups", ask).await {
                return Ok(page);
            }
        }
        self.aws("Logs_20140328.DescribeLogGroups", ask).await
    }

    /// A page has at most ten thousand events; the emulator knows no further page, and is asked for what came later.
    async fn read_log(&self, group: &str, lines: &mut Vec<String>) -> Result<()> {
        let mut from = 0;
        loop {
            let ask = json!({ "logGroupName": group, "startTime": from });
            let page = self.aws("Logs_20140328.FilterLogEvents", &ask).await?;
            let events = page["events"].as_array().context("no events")?;
            lines.extend(events.iter().filter_map(|event| event["message"].as_str().map(str::to_owned)));
            let last = events.last().and_then(|event| event["timestamp"].as_i64()).unwrap_or_default();
            if events.len() < LOG_EVENTS_MAX {
                return Ok(());
            }
            ensure!(last > from, "{group} has more than {LOG_EVENTS_MAX} events in a millisecond");
            from = last;
        }
    }

    /// Puts an object as a partner would drop it: straight into the bucket.
    ///
    /// # Errors
    /// When S3 refuses it.
    pub async fn put_object(&self, bucket: &str, key: &str, bytes: Vec<u8>) -> Result<()> {
        let url = format!("{}/{bucket}/{}", self.s3.endpoint, encoded_key(key));
        reqwest::Client::new().put(url).body(bytes).send().await?.error_for_status()?;
        Ok(())
    }
}

/// An object key as it stands in a URL; with `%20` as `+` it is how S3 writes it in events.
#[must_use]
pub fn encoded_key(key: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.~/".contains(byte);
    key.bytes().map(|b| if plain(&b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}
