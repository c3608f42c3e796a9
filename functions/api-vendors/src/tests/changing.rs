use super::*;

impl Setting {
    async fn patch(&self, id: &Value, body: Value) -> Response {
        let request = RequestBuilder::new("PATCH", "/v1/vendor-profiles/x").principal(&self.owner);
        call!(self, update, request.path("id", id.as_str().unwrap()).json(&body))
    }

    /// What `file-ingest` does with a version that reads a booked file otherwise.
    async fn contradict(&self, id: &Value, version: u32) {
        let back_test = json!({"tested_at": "2026-04-01T00:00:00Z", "files": [{
            "upload_id": UploadId::new(), "file_name": "marzo.csv", "outcome": "differs",
            "message": "1 periods differ from what was booked.", "differences": []
        }]});
        let sql = r#"UPDATE vendor_profiles SET back_test = $3, active = false,
            inactive = '{"code": "contradicts_booked_file", "message": "no"}' WHERE id = $1 AND version = $2"#;
        let id: VendorProfileId = id.as_str().unwrap().parse().unwrap();
        let query = sqlx::query(sql).bind(id.0).bind(version.cast_signed()).bind(back_test);
        query.execute(self.db.admin()).await.unwrap();
    }
}

#[tokio::test]
async fn an_import_is_used_at_once_where_nothing_was_booked_and_otherwise_after_its_test() {
    let setting = setting().await;
    let response = setting.import(&profile()).await;
    let json = response.json();
    assert_eq!((response.status, &json["active"], &json["version"]), (201, &json!(true), &json!(1)));
    assert_eq!((&json["origin"], &json["profile"]["version"]), (&json!("imported"), &json!(1)));
    assert_eq!(setting.queued(), []);
    assert_eq!(setting.import(&profile()).await.json()["code"], "vendor_profile_exists");

    setting.booked().await;
    let mut other = profile();
    other["vendor"] = "acme_es".into();
    let json = setting.import(&other).await.json();
    assert_eq!((&json["active"], &json["inactive"]["code"]), (&json!(false), &json!("being_tested")));
    let id = serde_json::from_value(json["id"].clone()).unwrap();
    let request = ProfileTestRequested { org_id: setting.owner.org_id, profile_id: id, version: 1 };
    assert_eq!(setting.queued(), [request]);
    // The wake-up was lost: switching it on sends it again.
    assert_eq!(setting.patch(&json["id"], json!({"version": 1, "active": true})).await.status, 200);
    assert_eq!(setting.queued(), [request]);
}

#[tokio::test]
async fn what_is_wrong_with_a_profile_is_pointed_at() {
    let setting = setting().await;
    let with = |path: &str, value: Value| {
        let mut body = profile();
        *body.pointer_mut(path).unwrap() = value;
        body
    };
    for (body, at) in [
        (json!({}), ""),
        (with("/vendor", json!("Acme IT")), "/vendor"),
        (with("/currency", json!("euro")), "/currency"),
        (with("/layouts", json!([])), "/layouts"),
        (with("/layouts/0/period/from", json!("moon")), "/layouts/0/period/from"),
        (with("/layouts/0/tables/0/required", json!(["ean"])), "/layouts/0"),
    ] {
        let response = setting.import(&body).await;
        assert_eq!(
            pointer(&response),
            (422, at.to_owned(), "invalid_profile".to_owned()),
            "{}",
            response.json()
        );
    }
    let toml = setting.post(&json!({})).header("content-type", "application/toml").text("vendor = = 1");
    assert_eq!(call!(setting, create, toml).status, 422);
    let nothing = setting.post(&json!({})).text("{");
    assert_eq!(call!(setting, create, nothing).json()["code"], "malformed_json");
    let vast = setting.post(&json!({"name": "x".repeat(300_000)}));
    assert_eq!(call!(setting, create, vast).status, 413);
}

#[tokio::test]
async fn a_request_sent_twice_under_one_key_imports_one_profile() {
    let setting = setting().await;
    let first = call!(setting, create, setting.post(&profile()).header("Idempotency-Key", "k"));
    let second = call!(setting, create, setting.post(&profile()).header("Idempotency-Key", "k"));
    assert_eq!((first.status, second.status, first.json()), (201, 201, second.json()));
    let other = call!(setting, create, setting.post(&json!({})).header("Idempotency-Key", "k"));
    assert_eq!(other.status, 422);
}

#[tokio::test]
async fn a_change_makes_a_version_and_the_one_in_use_stays_until_the_new_one_is_tested() {
    let setting = setting().await;
    let id = setting.import(&profile()).await.json()["id"].clone();
    setting.booked().await;
    let mut changed = profile();
    changed["name"] = "Acme Italia S.p.A.".into();
    let response = setting.patch(&id, json!({"version": 1, "profile": changed})).await.json();
    assert_eq!((&response["version"], &response["version_in_use"]), (&json!(2), &json!(1)), "{response:#}");
    assert_eq!(
        (&response["origin"], &response["inactive"]["code"]),
        (&json!("edited"), &json!("being_tested"))
    );
    assert_eq!(setting.queued().len(), 1);
    let stale = setting.patch(&id, json!({"version": 1, "active": false})).await;
    assert_eq!((stale.status, &stale.json()["code"]), (409, &json!("version_conflict")));
    let same = setting.patch(&id, json!({"version": 2, "profile": changed})).await.json();
    assert_eq!((&same["version"], setting.queued().len()), (&json!(2), 0));

    let off = setting.patch(&id, json!({"version": 2, "active": false, "reason": "not now"})).await.json();
    assert_eq!((&off["active"], &off["inactive"]["message"]), (&json!(false), &json!("not now")));
    assert_eq!(setting.listed("?vendor=acme_it&active=true").await, Vec::<String>::new());
    let versions = off["versions"].as_array().unwrap();
    let codes: Vec<&Value> = versions.iter().map(|version| &version["inactive"]["code"]).collect();
    assert_eq!(codes, ["switched_off", "switched_off"]);
    let request = setting.get("/v1/vendor-profiles/x?version=1").path("id", id.as_str().unwrap());
    assert_eq!(call!(setting, get, request).json()["profile"]["name"], "Acme Italia");
}

#[tokio::test]
async fn a_profile_that_contradicts_a_booked_file_is_used_only_for_a_stated_reason() {
    let setting = setting().await;
    let id = setting.import(&profile()).await.json()["id"].clone();
    setting.contradict(&id, 1).await;
    let refused = setting.patch(&id, json!({"version": 1, "active": true})).await;
    assert_eq!((refused.status, &refused.json()["code"]), (409, &json!("contradicts_booked_file")));
    let analyst = setting.db.principal(setting.owner.org_id, "analyst").await;
    let why = json!({"version": 1, "active": true, "reason": "March was booked with returns left out"});
    let request = RequestBuilder::new("PATCH", "/x").principal(&analyst).path("id", id.as_str().unwrap());
    assert_eq!(call!(setting, update, request.json(&why)).status, 403);
    let used = setting.patch(&id, why).await.json();
    assert_eq!((&used["active"], &used["override"]["by"]), (&json!(true), &json!(setting.owner.user_id)));
}

#[tokio::test]
async fn shipped_profiles_are_read_only_and_a_change_says_what_it_changes() {
    let setting = setting().await;
    let shipped = setting.patch(&json!("liberty"), json!({"version": 1, "active": false})).await;
    assert_eq!((shipped.status, &shipped.json()["code"]), (409, &json!("shipped_read_only")));
    assert_eq!(setting.patch(&json!("nobody"), json!({"version": 1, "active": false})).await.status, 404);
    let id = setting.import(&profile()).await.json()["id"].clone();
    assert_eq!(pointer(&setting.patch(&id, json!({"version": 1})).await).1, "/active");
    let mut foreign = profile();
    foreign["vendor"] = "other".into();
    let response = setting.patch(&id, json!({"version": 1, "profile": foreign})).await;
    assert_eq!(pointer(&response).1, "/profile/vendor");
    let mut broken = profile();
    broken["layouts"][0]["tables"][0]["required"] = json!([]);
    let response = setting.patch(&id, json!({"version": 1, "profile": broken})).await;
    assert!(pointer(&response).1.starts_with("/profile/layouts/0"), "{}", response.json());
}
