//! Where the tests of this crate happen.

use data::{MailLink, emails, emails::NewEmail};
use domain::{EmailId, EmailType};
use edge::{
    Principal,
    http::{Request, RequestBuilder, Response, answer},
};
use mail::Templates;
use serde_json::{Value, json};
use testkit::{TestDatabase, event};

use crate::{
    Context, FileContext, TemplateContext, file, get, notifications, suppressions, templates, unsubscribe,
};

pub(crate) struct Setting {
    pub(crate) db: TestDatabase,
    pub(crate) owner: Principal,
    pub(crate) ctx: Context,
    pub(crate) template: TemplateContext,
    pub(crate) file: FileContext,
}

impl Setting {
    pub(crate) async fn new() -> Self {
        let db = TestDatabase::new().await;
        let owner = db.seed("acme").await.principal();
        let database = db.app().clone();
        Self {
            owner,
            ctx: Context { database: database.clone() },
            template: TemplateContext {
                database: database.clone(),
                templates: Templates::new("https://shelfline.example").unwrap(),
            },
            file: FileContext { database, reports: cloud::ObjectStore::memory() },
            db,
        }
    }

    pub(crate) async fn queue(&self, kind: EmailType, recipient: &str, payload: &Value) -> EmailId {
        let id = EmailId::new();
        let mut tenant = self.db.app().system(self.owner.org_id).await.unwrap();
        let email = NewEmail { id, kind, recipient, payload, upload_id: None, request_id: None };
        emails::insert(&mut tenant, &email).await.unwrap();
        tenant.commit().await.unwrap();
        id
    }

    pub(crate) fn token(&self, link: MailLink, email: EmailId) -> String {
        self.db.app().mail_token(link, self.owner.org_id, email).unwrap()
    }

    /// Calls a route by its name.
    pub(crate) async fn call(&self, route: &str, request: RequestBuilder) -> Response {
        self.answer(route, request.build()).await
    }

    async fn answer(&self, route: &str, request: Request) -> Response {
        match route {
            "emails-get" => answer(&self.template, get::handle, request).await,
            "mail-files-get" => answer(&self.file, file::handle, request).await,
            "email-templates-list" => answer(&self.ctx, templates::list::handle, request).await,
            "email-templates-update" => answer(&self.ctx, templates::update::handle, request).await,
            "email-templates-preview" => answer(&self.template, templates::preview::handle, request).await,
            "notifications-get" => answer(&self.ctx, notifications::get::handle, request).await,
            "notifications-update" => answer(&self.ctx, notifications::update::handle, request).await,
            "suppressions-list" => answer(&self.ctx, suppressions::list::handle, request).await,
            "suppressions-lift" => answer(&self.ctx, suppressions::lift::handle, request).await,
            "unsubscribe-show" => answer(&self.ctx, unsubscribe::show::handle, request).await,
            "unsubscribe-confirm" => answer(&self.ctx, unsubscribe::confirm::handle, request).await,
            other => panic!("no route {other}"),
        }
    }

    /// What the example event of a route is answered.
    pub(crate) async fn example(&self, name: &str) -> Response {
        let request = Request::from_event(&event(name).to_string()).unwrap();
        self.answer(name.split('/').next().unwrap(), request).await
    }
}

pub(crate) fn report_payload(org: domain::OrgId, name: &str) -> Value {
    let id = EmailId::new();
    json!({
        "report_id": id, "title": "Sales summary", "period": "January 2026", "organization": "Acme", "schedule": null,
        "file": { "object_key": format!("reports/{org}/{id}.pdf"), "name": name, "format": "pdf", "size_bytes": 5 },
        "corrected": false, "note": null, "error": null
    })
}

#[tokio::test]
async fn the_example_events_are_answered() {
    let setting = Setting::new().await;
    for (name, status) in [
        ("emails-get/mail", 404),
        ("mail-files-get/forged", 404),
        ("email-templates-list/all", 200),
        ("email-templates-preview/report-ready", 200),
        ("suppressions-list/first-page", 200),
        ("suppressions-lift/address", 404),
        ("unsubscribe-show/forged", 404),
        ("unsubscribe-confirm/one-click", 404),
    ] {
        assert_eq!(setting.example(name).await.status, status, "{name}");
    }
}
