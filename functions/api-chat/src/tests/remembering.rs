use edge::{
    ApiError, Principal,
    http::{Reply, Request, RequestBuilder, Response, answer},
};
use serde_json::{Value, json};

use super::Books;
use crate::{Context, ask, conversations, evaluate, messages, suggestions};

/// A caller of the routes.
struct Caller {
    context: &'static Context,
    principal: Principal,
}

impl Caller {
    async fn new(books: &Books, role: &str) -> Self {
        let context = Box::leak(Box::new(Context::new(books.database.app().clone())));
        Self { context, principal: books.database.principal(books.seeded.org, role).await }
    }

    async fn call<F>(
        &self,
        handle: impl FnOnce(&'static Context, Request) -> F,
        request: RequestBuilder,
    ) -> Response
    where
        F: Future<Output = Result<Reply, ApiError>>,
    {
        answer(self.context, handle, request.principal(&self.principal).build()).await
    }

    async fn ask(&self, question: &str) -> Value {
        let request = RequestBuilder::new("POST", "/v1/chat").json(&json!({ "question": question }));
        let response = self.call(ask::handle, request).await;
        assert_eq!(response.status, 200, "{}", String::from_utf8_lossy(response.body()));
        response.json()
    }
}

fn get(path: &str) -> RequestBuilder {
    RequestBuilder::new("GET", path)
}

#[tokio::test]
async fn conversations_belong_to_who_asked() {
    let books = Books::new().await;
    let (one, other) = (Caller::new(&books, "analyst").await, Caller::new(&books, "admin").await);
    let first = one.ask("sales by vendor in 2024").await;
    let id = first["conversation_id"].as_str().unwrap();

    let list = one.call(conversations::list::handle, get("/v1/chat/conversations")).await.json();
    assert_eq!(
        (list["data"].as_array().unwrap().len(), &list["data"][0]["title"]),
        (1, &json!("sales by vendor in 2024"))
    );
    let whole =
        one.call(conversations::get::handle, get("/v1/chat/conversations/x").path("id", id)).await.json();
    assert_eq!(whole["messages"][0]["reply"]["rows"], first["rows"]);

    let title = RequestBuilder::new("PATCH", "/v1/chat/conversations/x").path("id", id);
    let title = |caller| title.clone().json(&json!({ "title": caller }));
    assert_eq!(one.call(conversations::rename::handle, title("Vendors")).await.json()["title"], "Vendors");

    // Not even an administrator sees or goes on with what somebody else asked.
    let theirs = other.call(conversations::list::handle, get("/v1/chat/conversations")).await.json();
    assert_eq!(theirs["data"], json!([]));
    for response in [
        other.call(conversations::get::handle, get("/v1/chat/conversations/x").path("id", id)).await,
        other.call(conversations::rename::handle, title("Mine")).await,
        other.call(conversations::delete::handle, RequestBuilder::new("DELETE", "/x").path("id", id)).await,
        other
            .call(
                ask::handle,
                RequestBuilder::new("POST", "/v1/chat")
                    .json(&json!({ "question": "and in 2023?", "conversation_id": id })),
            )
            .await,
    ] {
        assert_eq!(response.status, 404);
    }

    let gone =
        one.call(conversations::delete::handle, RequestBuilder::new("DELETE", "/x").path("id", id)).await;
    assert_eq!(gone.status, 204);
    let left: i64 =
        sqlx::query_scalar("SELECT count(*) FROM messages").fetch_one(books.database.admin()).await.unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn rows_behind_an_answer_add_up_to_it() {
    let books = Books::new().await;
    let caller = Caller::new(&books, "analyst").await;
    let answered = caller.ask("How many units of BBGOT100 did Liberty sell in October 2025?").await;
    let id = answered["message_id"].as_str().unwrap();
    let rows = caller
        .call(messages::rows::handle, get("/v1/chat/messages/x/rows?limit=100").path("id", id))
        .await
        .json();
    let pieces = |row: &Value| row["quantity"].as_str().unwrap().parse::<i64>().unwrap();
    let sum: i64 = rows["data"].as_array().unwrap().iter().map(pieces).sum();
    assert_eq!(answered["rows"][0][0], sum.to_string());
    assert_eq!(answered["sources"]["uploads"][0]["file_name"], "liberty.xlsx");
    assert_eq!(answered["receipt"]["vat"], json!([{ "vendor": "liberty", "vat_included": true }]));
    assert_eq!(
        answered["receipt"]["link"],
        "/v1/analytics/summary?metric=units&from=2025-10-01&to=2025-10-31&product=7350154320022&vendor=liberty"
    );
    let asked = caller.ask("hello").await;
    let id = asked["message_id"].as_str().unwrap();
    let nothing = caller.call(messages::rows::handle, get("/v1/chat/messages/x/rows").path("id", id)).await;
    assert_eq!(nothing.status, 409);
}

#[tokio::test]
async fn costs_are_for_who_may_see_them() {
    let books = Books::new().await;
    let viewer = Caller::new(&books, "viewer").await;
    assert_eq!(viewer.ask("gross profit in 2025").await["status"], "refused");
    assert_eq!(viewer.ask("products with a margin above 50 percent").await["status"], "refused");
    assert_eq!(Caller::new(&books, "analyst").await.ask("gross profit in 2025").await["status"], "answered");
}

#[tokio::test]
async fn what_is_confirmed_becomes_the_regression_suite() {
    let books = Books::new().await;
    let caller = Caller::new(&books, "analyst").await;
    let judge = |id: &str, body: Value| RequestBuilder::new("POST", "/x").path("id", id).json(&body);
    let right = caller.ask("sales in 2024").await;
    let request = judge(right["message_id"].as_str().unwrap(), json!({ "verdict": "right" }));
    assert_eq!(caller.call(messages::feedback::handle, request).await.status, 204);
    let wrong = caller.ask("sales in 2023").await;
    // Whoever asked meant something that the words do not say.
    let body = json!({ "verdict": "wrong", "comment": "I meant units", "plan": {
        "analysis": { "metrics": ["units"], "from": "2023-01-01", "to": "2023-12-31" }, "shape": { "kind": "figures" } } });
    let request = judge(wrong["message_id"].as_str().unwrap(), body);
    assert_eq!(caller.call(messages::feedback::handle, request).await.status, 204);

    let result = caller.call(evaluate::handle, RequestBuilder::new("POST", "/v1/chat/evaluate")).await.json();
    assert_eq!((&result["examples"], &result["passed"]), (&json!(2), &json!(1)));
    assert_eq!(result["failed"][0]["question"], "sales in 2023");
    let suggested = caller.call(suggestions::handle, get("/v1/chat/suggestions")).await.json();
    assert!(suggested["data"].as_array().unwrap().contains(&json!("sales in 2024")));
}
