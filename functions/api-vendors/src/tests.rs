use std::sync::Arc;

use cloud::{MemoryQueue, ObjectStore, Queue};
use data::{
    uploads::{self, NewUpload, Origin},
    vendor_profiles,
};
use domain::{FileName, ProfileTestRequested, UploadId, UploadMode, VendorProfileId};
use edge::{
    Principal,
    http::{Request, RequestBuilder, Response, answer},
};
use ingest::Profiles;
use serde_json::{Value, json};
use testkit::{TestDatabase, event};

use crate::{Context, create, get, list, trial, update};

mod changing;
mod trying;

struct Setting {
    db: TestDatabase,
    ctx: Context,
    queue: MemoryQueue,
    owner: Principal,
}

async fn setting() -> Setting {
    let db = TestDatabase::new().await;
    let owner = owner(&db, "acme").await;
    let queue = MemoryQueue::default();
    let ctx = Context {
        database: db.app().clone(),
        inbox: ObjectStore::memory(),
        ingest_queue: Queue::Memory(queue.clone()),
        shipped: Arc::new(Profiles::shipped().unwrap()),
    };
    Setting { db, ctx, queue, owner }
}

async fn owner(db: &TestDatabase, slug: &str) -> Principal {
    let seeded = db.seed(slug).await;
    seeded.principal()
}

/// Runs one of the handlers, which all have this shape.
macro_rules! call {
    ($setting:expr, $route:ident, $request:expr) => {
        answer(&$setting.ctx, $route::handle, $request.build()).await
    };
}
use call;

fn profile() -> Value {
    json!({
        "vendor": "acme_it", "name": "Acme Italia", "version": 7, "currency": "EUR", "vat_included": true,
        "layouts": [{
            "name": "days", "document": "snapshot", "period": {"from": "date"},
            "tables": [{
                "cut": "main", "required": ["date", "ean", "quantity", "amount"],
                "columns": {"date": ["data"], "ean": ["codice"], "quantity": ["pezzi"], "amount": ["venduto"]}
            }]
        }]
    })
}

impl Setting {
    fn get(&self, path: &str) -> RequestBuilder {
        RequestBuilder::new("GET", path).principal(&self.owner)
    }

    fn post(&self, body: &Value) -> RequestBuilder {
        RequestBuilder::new("POST", "/v1/vendor-profiles").principal(&self.owner).json(body)
    }

    async fn import(&self, body: &Value) -> Response {
        call!(self, create, self.post(body))
    }

    async fn shown(&self, id: &Value) -> Value {
        let request = self.get("/v1/vendor-profiles/x").path("id", id.as_str().unwrap());
        call!(self, get, request).json()
    }

    async fn listed(&self, query: &str) -> Vec<String> {
        let json = call!(self, list, self.get(&format!("/v1/vendor-profiles{query}"))).json();
        let vendor = |profile: &Value| profile["vendor"].as_str().unwrap().to_owned();
        json["data"].as_array().unwrap_or_else(|| panic!("{json}")).iter().map(vendor).collect()
    }

    /// An upload with its bytes in the inbox, as it is before it was read.
    async fn upload(&self, text: &str) -> UploadId {
        let id = UploadId::new();
        let key = format!("uploads/{}/{id}", self.owner.org_id);
        let new = NewUpload {
            id,
            file_name: FileName::lossy("vendite.csv"),
            size_bytes: text.len() as u64,
            object_key: key.clone(),
            mode: UploadMode::Commit,
            vendor_hint: None,
            origin: Origin::Api { created_by: self.owner.user_id },
            request_id: None,
        };
        let mut tenant = self.ctx.database.system(self.owner.org_id).await.unwrap();
        uploads::insert(&mut tenant, &new).await.unwrap();
        tenant.commit().await.unwrap();
        self.ctx.inbox.put(&key, text.as_bytes().to_vec()).await.unwrap();
        id
    }

    /// A file that was booked, so that profiles have something to be tested on.
    async fn booked(&self) -> UploadId {
        let id = self.upload("x").await;
        let sql = "UPDATE uploads SET status = 'completed', finished_at = now(), vendor = 'acme_it', layout = 'generic'
                   WHERE id = $1";
        sqlx::query(sql).bind(id.0).execute(self.db.admin()).await.unwrap();
        id
    }

    fn queued(&self) -> Vec<ProfileTestRequested> {
        self.queue.drain().unwrap()
    }
}

fn pointer(response: &Response) -> (u16, String, String) {
    let json = response.json();
    let text = |name: &str| json["fields"][0][name].as_str().unwrap_or_default().to_owned();
    (response.status, text("pointer"), text("code"))
}

#[tokio::test]
async fn shipped_profiles_and_own_ones_are_one_list_by_vendor() {
    let setting = setting().await;
    let all = setting.listed("?limit=100").await;
    assert!(all.contains(&"liberty".to_owned()) && all.is_sorted(), "{all:?}");
    assert_eq!(setting.import(&profile()).await.status, 201);
    let with_own = setting.listed("?limit=100").await;
    assert_eq!((with_own.len(), with_own[0].as_str()), (all.len() + 1, "acme_it"));
    assert_eq!(setting.listed("?vendor=acme_it").await, ["acme_it"]);
    assert_eq!(setting.listed("?vendor=acme_it&active=false").await, Vec::<String>::new());
    assert_eq!(setting.listed("?active=true&limit=100").await.len(), with_own.len());

    let mut paged = Vec::new();
    let mut query = "?limit=2".to_owned();
    loop {
        let page = call!(setting, list, setting.get(&format!("/v1/vendor-profiles{query}"))).json();
        paged.extend(
            page["data"].as_array().unwrap().iter().map(|p| p["vendor"].as_str().unwrap().to_owned()),
        );
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        query = format!("?limit=2&cursor={cursor}");
    }
    assert_eq!(paged, with_own);
}

#[tokio::test]
async fn a_profile_is_exported_as_the_toml_that_imports_it() {
    let setting = setting().await;
    let imported = setting.import(&profile()).await.json();
    let request =
        setting.get("/v1/vendor-profiles/x?format=toml").path("id", imported["id"].as_str().unwrap());
    let toml = call!(setting, get, request);
    assert_eq!(toml.header("content-type"), Some("application/toml"));
    let text = String::from_utf8(toml.body().to_vec()).unwrap();
    let other = owner(&setting.db, "other").await;
    let request = RequestBuilder::new("POST", "/v1/vendor-profiles").principal(&other);
    let request = request.header("content-type", "application/toml").text(&text);
    let again = call!(setting, create, request);
    assert_eq!((again.status, &again.json()["profile"]), (201, &imported["profile"]), "{text}");
}

#[tokio::test]
async fn another_organisation_finds_no_profile_and_a_viewer_changes_none() {
    let setting = setting().await;
    let imported = setting.import(&profile()).await.json();
    let id = imported["id"].as_str().unwrap();
    let upload = setting.upload("x").await;
    let stranger = owner(&setting.db, "stranger").await;
    let viewer = setting.db.principal(setting.owner.org_id, "viewer").await;
    let request = |principal: &Principal, body: Value| {
        RequestBuilder::new("POST", "/v1/vendor-profiles/x").principal(principal).path("id", id).json(&body)
    };
    let off = json!({"version": 1, "active": false});
    let tried = json!({"upload_id": upload});
    assert_eq!(call!(setting, get, request(&stranger, json!({}))).status, 404);
    assert_eq!(call!(setting, update, request(&stranger, off.clone())).status, 404);
    assert_eq!(call!(setting, trial, request(&stranger, tried.clone())).status, 404);
    let shipped = RequestBuilder::new("POST", "/x").principal(&stranger).path("id", "liberty").json(&tried);
    assert_eq!(call!(setting, trial, shipped).status, 404);
    assert_eq!(call!(setting, get, request(&viewer, json!({}))).status, 200);
    assert_eq!(call!(setting, update, request(&viewer, off)).status, 403);
    assert_eq!(call!(setting, create, request(&viewer, profile())).status, 403);
    assert_eq!(setting.shown(&imported["id"]).await["active"], true);
}

#[tokio::test]
async fn every_example_event_is_understood() {
    let setting = setting().await;
    sqlx::raw_sql(
        "INSERT INTO organizations (id, slug, name) VALUES ('01994d2e-0000-7000-8000-000000000001', 'aveline', 'A');
         INSERT INTO users (id, org_id, email, password_hash, role) VALUES ('01994d2e-0000-7000-8000-000000000002',
             '01994d2e-0000-7000-8000-000000000001', 'owner@aveline.example', 'none', 'owner');",
    )
    .execute(setting.db.admin())
    .await
    .unwrap();
    macro_rules! status {
        ($route:ident, $event:literal) => {
            answer(&setting.ctx, $route::handle, Request::from_event(&event($event).to_string()).unwrap())
                .await
                .status
        };
    }
    assert_eq!(status!(create, "vendor-profiles-create/from-toml"), 201);
    assert_eq!(status!(list, "vendor-profiles-list/in-use"), 200);
    assert_eq!(status!(get, "vendor-profiles-get/shipped-as-toml"), 200);
    assert_eq!(status!(update, "vendor-profiles-update/switch-off"), 404);
    assert_eq!(status!(trial, "vendor-profiles-test/on-an-upload"), 404);
}
