use data::suppressions;
use domain::SuppressionReason;
use edge::{
    Principal,
    http::{RequestBuilder, Response},
};
use serde_json::Value;

use crate::setting::Setting;

impl Setting {
    async fn suppress(&self, address: &str) {
        let mut tenant = self.db.app().system(self.owner.org_id).await.unwrap();
        suppressions::add(&mut tenant, address, SuppressionReason::Bounce, Some("550")).await.unwrap();
        tenant.commit().await.unwrap();
    }

    async fn suppressed(&self, by: &Principal) -> Vec<Value> {
        let request = RequestBuilder::new("GET", "/v1/email-suppressions").principal(by);
        self.call("suppressions-list", request).await.json()["data"].as_array().unwrap().clone()
    }

    async fn lift(&self, by: &Principal, id: &str) -> Response {
        let request = RequestBuilder::new("DELETE", &format!("/v1/email-suppressions/{id}")).principal(by);
        self.call("suppressions-lift", request.path("id", id)).await
    }
}

#[tokio::test]
async fn an_admin_lets_mails_go_to_an_address_again_and_nobody_else_does() {
    let setting = Setting::new().await;
    let owner = setting.owner.clone();
    setting.suppress("ana@brand.example").await;
    let listed = setting.suppressed(&owner).await;
    assert_eq!((listed.len(), &listed[0]["address"]), (1, &Value::from("ana@brand.example")));
    let id = listed[0]["id"].as_str().unwrap();
    let analyst = setting.db.principal(owner.org_id, "analyst").await;
    assert_eq!(setting.lift(&analyst, id).await.status, 403);
    let other = setting.db.seed("other").await.principal();
    assert_eq!(setting.lift(&other, id).await.status, 404);
    assert!(setting.suppressed(&other).await.is_empty());
    assert_eq!(setting.lift(&owner, id).await.status, 204);
    assert!(setting.suppressed(&owner).await.is_empty());
    assert_eq!(setting.lift(&owner, id).await.status, 404);
}
