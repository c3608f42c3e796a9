//! One of everything that an organisation can have.

use e2e::{Account, Stack, samples_of};
use reqwest::Method;
use serde_json::{Value, json};
use sqlx::PgPool;

const EAN: &str = "9529843000349";

/// Something that an organisation has.
struct Belonging {
    /// What the paths of its routes begin with, up to its id.
    under: &'static str,
    /// What stands in place of the variables of those paths, one after the other.
    ids: Vec<String>,
    /// Where its organisation sees it.
    seen_at: String,
}

/// Everything that an organisation has.
pub(crate) struct Belongings(Vec<Belonging>);

impl Belongings {
    /// Makes one of everything.
    pub(crate) async fn new(stack: &Stack, owner: &Account) -> Self {
        let mut all = Self(Vec::new());
        all.add_people(stack, owner).await;
        all.add_books(owner).await;
        all.add_catalogue(owner).await;
        all.add_watching(stack, owner).await;
        all.add_answers(owner).await;
        all
    }

    /// The path of a route with the ids of what it is about.
    pub(crate) fn path(&self, route: &str) -> Option<String> {
        let belonging = self.0.iter().find(|belonging| route.starts_with(belonging.under))?;
        let mut ids = belonging.ids.iter();
        let filled = route.split('/').map(|part| match part.starts_with('{') {
            true => ids.next().map_or_else(|| panic!("{route} has more ids than are known"), String::as_str),
            false => part,
        });
        Some(filled.collect::<Vec<_>>().join("/"))
    }

    /// The id of one of them, by what the paths of its routes begin with.
    pub(crate) fn id(&self, under: &str) -> &str {
        &self.0.iter().find(|belonging| belonging.under == under).unwrap().ids[0]
    }

    /// What the organisation sees of each of them.
    pub(crate) async fn seen(&self, owner: &Account) -> Vec<(String, Value)> {
        let mut seen = Vec::with_capacity(self.0.len());
        for Belonging { ids, seen_at, .. } in &self.0 {
            let answer = owner.get(seen_at).await.unwrap();
            assert_eq!(answer.status, 200, "{seen_at}: {answer:?}");
            let text = answer.body.to_string();
            assert!(ids.iter().all(|id| text.contains(id)), "{seen_at} shows no {ids:?}: {text}");
            seen.push((seen_at.clone(), answer.body));
        }
        seen
    }

    fn add(&mut self, under: &'static str, id: &str, seen_at: &str) {
        self.0.push(Belonging { under, ids: vec![id.to_owned()], seen_at: seen_at.to_owned() });
    }

    /// What a route makes, whose id is in the answer.
    async fn make(&mut self, owner: &Account, path: &'static str, body: Value, seen_at: &str) -> String {
        let made = made(owner, path, &body).await;
        let id = made["id"].as_str().unwrap().to_owned();
        self.add(path, &id, &seen_at.replace("{id}", &id));
        id
    }

    async fn add_people(&mut self, stack: &Stack, owner: &Account) {
        let invited =
            json!({ "email": format!("invited.{}", owner.email), "full_name": "Invited", "role": "viewer" });
        let user = self.make(owner, "/v1/users", invited, "/v1/users/{id}").await;
        self.make(owner, "/v1/api-keys", json!({ "name": "k", "scopes": ["sales:read"] }), "/v1/api-keys")
            .await;
        made(owner, "/v1/roles", &json!({ "name": "theirs", "permissions": ["sales:read"] })).await;
        self.add("/v1/roles", "theirs", "/v1/roles");
        let rule = json!({ "name": "p", "subject": { "role": "theirs" }, "rows": { "vendors": ["x"] } });
        self.make(owner, "/v1/policies", rule, "/v1/policies").await;
        for (under, list) in [("/v1/sessions", "/v1/sessions"), ("/v1/emails", "/v1/emails")] {
            let first = owner.all(list).await.unwrap().remove(0);
            self.add(under, first["id"].as_str().unwrap(), list);
        }
        // Comes from the servers of others.
        let admin = PgPool::connect_lazy(&stack.database.admin).unwrap();
        let org = format!("(SELECT org_id FROM users WHERE id = '{user}')");
        let bounced = format!(
            "INSERT INTO suppressed_addresses (org_id, address, reason) VALUES ({org}, 'gone@example.com', 'bounce') RETURNING id::text"
        );
        let linked = format!(
            "INSERT INTO identities (id, org_id, user_id, provider, issuer, subject)
             SELECT uuidv7(), org_id, id, 'test', 'https://issuer.example', email FROM users WHERE email = '{}' RETURNING id::text",
            owner.email
        );
        for (under, statement) in [("/v1/email-suppressions", bounced), ("/v1/me/identities", linked)] {
            let id: String =
                sqlx::query_scalar(sqlx::AssertSqlSafe(statement)).fetch_one(&admin).await.unwrap();
            self.add(under, &id, under);
        }
    }

    async fn add_books(&mut self, owner: &Account) {
        let sample = samples_of("boxnox/main/v1").unwrap().remove(0);
        let upload = owner.take(&sample.file_name, &sample.bytes).await.unwrap();
        let id = upload["id"].as_str().unwrap();
        self.add("/v1/uploads", id, &format!("/v1/uploads/{id}"));
        let profile = owner.get("/v1/vendor-profiles/boxnox").await.unwrap().body["profile"].clone();
        self.make(owner, "/v1/vendor-profiles", profile, "/v1/vendor-profiles/{id}").await;
    }

    async fn add_catalogue(&mut self, owner: &Account) {
        made(owner, "/v1/products", &json!({ "ean": EAN, "name": "theirs" })).await;
        self.add("/v1/products", EAN, &format!("/v1/products/{EAN}"));
        made(owner, "/v1/vendors", &json!({ "key": "their_shop", "name": "Their shop" })).await;
        self.add("/v1/vendors", "their_shop", "/v1/vendors/their_shop");
        let put = [
            ("/v1/prices", [EAN, "2026-01-01"], json!({ "price_eur": "196.00" })),
            ("/v1/fx-rates", ["GBP", "2026-01"], json!({ "eur_per_unit": "1.145198", "source": "ECB" })),
        ];
        for (under, ids, body) in put {
            let path = format!("{under}/{}/{}", ids[0], ids[1]);
            let answer = owner.send(Method::PUT, &path, "application/json", body.to_string()).await.unwrap();
            assert!(answer.status < 300, "{path}: {answer:?}");
            self.0.push(Belonging { under, ids: ids.map(str::to_owned).to_vec(), seen_at: under.to_owned() });
        }
        let word = json!({ "vendor": "their_shop", "name": "a name of theirs", "ean": EAN });
        self.make(owner, "/v1/catalogue/aliases", word, "/v1/catalogue/aliases").await;
        let store = json!({ "vendor": "their_shop", "name": "A store of theirs", "spellings": ["Theirs"] });
        let store = made(owner, "/v1/catalogue/stores", &store).await;
        self.add("/v1/catalogue/stores", store["id"].as_str().unwrap(), "/v1/catalogue/stores");
        let spelling = store["spellings"][0]["id"].as_str().unwrap();
        self.add("/v1/catalogue/store-aliases", spelling, "/v1/catalogue/stores");
    }

    async fn add_watching(&mut self, stack: &Stack, owner: &Account) {
        let gap =
            json!({ "vendor": "boxnox", "start": "2025-01-01", "end": "2025-01-31", "reason": "closed" });
        self.make(owner, "/v1/known-gaps", gap, "/v1/known-gaps").await;
        let alert = json!({ "name": "Falls", "metric": "revenue_eur", "every": "month",
            "condition": { "against": "average", "is": "below", "percent": "75", "periods": 12 } });
        self.make(owner, "/v1/alerts", alert, "/v1/alerts/{id}").await;
        // A job notices it once the days have passed.
        let admin = PgPool::connect_lazy(&stack.database.admin).unwrap();
        let late: String = sqlx::query_scalar(
            "INSERT INTO late_files (id, org_id, vendor, first_day, last_day, due_on, subject, body)
             SELECT uuidv7(), org_id, 'boxnox', '2026-03-01', '2026-03-31', '2026-04-10', 'Where is it?', 'Please send it.'
             FROM users WHERE email = $1 RETURNING id::text",
        )
        .bind(&owner.email)
        .fetch_one(&admin)
        .await
        .unwrap();
        self.add("/v1/late-files", &late, &format!("/v1/late-files/{late}"));
    }

    async fn add_answers(&mut self, owner: &Account) {
        let export = json!({ "source": "sales", "query": {}, "format": "csv" });
        self.make(owner, "/v1/exports", export, "/v1/exports/{id}").await;
        let report =
            json!({ "kind": "sales_summary", "format": "csv", "from": "2026-01-01", "to": "2026-01-31" });
        self.make(owner, "/v1/reports", report, "/v1/reports/{id}").await;
        let schedule = json!({ "name": "Month", "kind": "sales_summary", "format": "csv", "period": "last_full_month",
            "cadence": { "every": "month", "day": 1, "time": "07:00", "time_zone": "Europe/Berlin" },
            "recipients": [owner.email] });
        let schedule = made(owner, "/v1/report-schedules", &schedule).await;
        let schedule = schedule["id"].as_str().unwrap();
        let run = made(owner, &format!("/v1/report-schedules/{schedule}/run-now"), &Value::Null).await;
        let run = run["id"].as_str().unwrap();
        self.0.push(Belonging {
            under: "/v1/report-schedules",
            ids: vec![schedule.to_owned(), run.to_owned()],
            seen_at: format!("/v1/report-schedules/{schedule}/runs"),
        });
        let document = json!({ "title": "Terms", "text": "Boxnox reports by the tenth of the month." });
        self.make(owner, "/v1/documents", document, "/v1/documents").await;
        let answer = made(owner, "/v1/chat", &json!({ "question": "revenue by vendor" })).await;
        let of = |name: &str| answer[name].as_str().unwrap().to_owned();
        let (conversation, message) = (of("conversation_id"), of("message_id"));
        let seen_at = format!("/v1/chat/conversations/{conversation}");
        self.add("/v1/chat/conversations", &conversation, &seen_at);
        self.add("/v1/chat/messages", &message, &seen_at);
    }
}

/// What a route answers that made something.
async fn made(owner: &Account, path: &str, body: &Value) -> Value {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let made = owner.send(Method::POST, path, "application/json", body).await.unwrap();
    assert!([200, 201, 202].contains(&made.status), "{path}: {made:?}");
    made.body
}
