//! One organisation and the person who works for it.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use reqwest::{Client, Method};
use serde_json::{Value, json};

use crate::Stack;

/// How long an upload may take to reach its final state before a test gives up.
const FINAL_STATE_WITHIN: Duration = Duration::from_secs(60);
/// Pause between two looks at an upload.
const POLL_EVERY: Duration = Duration::from_millis(100);

static ACCOUNTS: AtomicU64 = AtomicU64::new(0);

/// A registered owner with a token.
#[derive(Clone)]
pub struct Account {
    stack: Stack,
    http: Client,
    token: String,
    pub email: String,
    pub password: String,
    pub slug: String,
    pub org_id: String,
}

/// Status and body of an answer; `Null` where there is no JSON body.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub body: Value,
}

impl Account {
    /// Registers a new organisation, so that tests never see each other's rows.
    ///
    /// # Errors
    /// When registration does not answer 201.
    pub async fn register(stack: &Stack, organization: &str) -> Result<Self> {
        let number = ACCOUNTS.fetch_add(1, Ordering::Relaxed);
        let name = format!("{organization} {} {number}", std::process::id());
        let email = format!("{}@example.com", name.to_lowercase().replace(' ', "."));
        let password = "violet-harbour-ledger-42".to_owned();
        let http = Client::new();
        let body =
            json!({ "organization": name, "email": email, "password": password, "full_name": "Test Owner" });
        let response = http.post(format!("{}/v1/auth/register", stack.api)).body(body.to_string());
        let response = response.header("content-type", "application/json").send().await?;
        let status = response.status();
        let text = response.text().await?;
        ensure!(status == 201, "register answered {status}: {text}");
        let session: Value = serde_json::from_str(&text)?;
        let text =
            |value: &Value| value.as_str().map(str::to_owned).context("a text is missing in the session");
        Ok(Self {
            stack: stack.clone(),
            http,
            token: text(&session["access_token"])?,
            email,
            password,
            slug: text(&session["organization"]["slug"])?,
            org_id: text(&session["organization"]["id"])?,
        })
    }

    /// The same organisation, called by somebody else of it.
    #[must_use]
    pub fn bearing(&self, token: &str) -> Self {
        Self { token: token.to_owned(), ..self.clone() }
    }

    /// Sends a request with this account's token.
    ///
    /// # Errors
    /// When no answer comes.
    pub async fn send(&self, method: Method, path: &str, content_type: &str, body: String) -> Result<Answer> {
        let request = self.http.request(method, format!("{}{path}", self.stack.api)).bearer_auth(&self.token);
        let response = request.header("content-type", content_type).body(body).send().await?;
        let status = response.status().as_u16();
        let text = response.text().await?;
        Ok(Answer { status, body: serde_json::from_str(&text).unwrap_or(Value::Null) })
    }

    /// # Errors
    /// When no answer comes.
    pub async fn get(&self, path: &str) -> Result<Answer> {
        self.send(Method::GET, path, "application/json", String::new()).await
    }

    /// # Errors
    /// When no answer comes.
    pub async fn post(&self, path: &str, body: &Value) -> Result<Answer> {
        self.send(Method::POST, path, "application/json", body.to_string()).await
    }

    /// # Errors
    /// When no answer comes.
    pub async fn delete(&self, path: &str) -> Result<Answer> {
        self.send(Method::DELETE, path, "application/json", String::new()).await
    }

    /// The bytes of a file that a route answers with.
    ///
    /// # Errors
    /// When it does not answer 200.
    pub async fn download(&self, path: &str) -> Result<Vec<u8>> {
        let request = self.http.get(format!("{}{path}", self.stack.api)).bearer_auth(&self.token);
        let response = request.send().await?;
        ensure!(response.status() == 200, "{path} answered {}", response.status());
        Ok(response.bytes().await?.to_vec())
    }

    /// Imports catalogue, prices and rates from CSV texts.
    ///
    /// # Errors
    /// When one of them is not taken whole.
    pub async fn import_reference(&self, csv: &[(&str, String)]) -> Result<()> {
        for (what, text) in csv {
            let answer =
                self.send(Method::POST, &format!("/v1/{what}/import"), "text/csv", text.clone()).await?;
            ensure!(answer.status == 200, "{what}: {answer:?}");
            ensure!(answer.body["rejected"] == json!([]), "{what}: {answer:?}");
        }
        Ok(())
    }

    /// Announces a file and sends its bytes with exactly the announced headers; gives the upload's id.
    ///
    /// # Errors
    /// When one of the two steps is refused.
    pub async fn upload(&self, file_name: &str, bytes: &[u8]) -> Result<String> {
        let announced =
            self.post("/v1/uploads", &json!({ "file_name": file_name, "size_bytes": bytes.len() })).await?;
        ensure!(announced.status == 201, "{announced:?}");
        let put = &announced.body["upload"];
        let mut request = self.http.put(put["url"].as_str().context("no url")?);
        for (name, value) in put["headers"].as_object().context("no headers")? {
            request = request.header(name, value.as_str().unwrap_or_default());
        }
        let response = request.body(bytes.to_vec()).send().await?;
        ensure!(response.status().is_success(), "PUT answered {}", response.status());
        Ok(announced.body["id"].as_str().context("no id")?.to_owned())
    }

    /// Waits until the upload is in a final state other than `except` and gives it whole.
    ///
    /// # Errors
    /// When it takes longer than [`FINAL_STATE_WITHIN`].
    pub async fn finished(&self, id: &str) -> Result<Value> {
        let begun = Instant::now();
        loop {
            let answer = self.get(&format!("/v1/uploads/{id}")).await?;
            ensure!(answer.status == 200, "{answer:?}");
            let status = answer.body["status"].as_str().unwrap_or_default();
            if !["pending", "processing"].contains(&status) {
                return Ok(answer.body);
            }
            if begun.elapsed() > FINAL_STATE_WITHIN {
                bail!("upload {id} is still {status}");
            }
            tokio::time::sleep(POLL_EVERY).await;
        }
    }

    /// Uploads and waits.
    ///
    /// # Errors
    /// As the two steps.
    pub async fn take(&self, file_name: &str, bytes: &[u8]) -> Result<Value> {
        let id = self.upload(file_name, bytes).await?;
        self.finished(&id).await
    }

    /// Everything a list route holds, page by page.
    ///
    /// # Errors
    /// When a page does not answer 200.
    pub async fn all(&self, path: &str) -> Result<Vec<Value>> {
        let mut rows = Vec::new();
        let mut cursor = String::new();
        let joint = if path.contains('?') { '&' } else { '?' };
        loop {
            let page = self.get(&format!("{path}{joint}limit=100{cursor}")).await?;
            ensure!(page.status == 200, "{page:?}");
            rows.extend(page.body["data"].as_array().context("no data")?.iter().cloned());
            match page.body["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return Ok(rows),
            }
        }
    }
}
