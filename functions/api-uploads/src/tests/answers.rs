use super::*;

const ASKING: &str = r#"status = 'needs_review', proposal = '{"profile": {"vendor": "acme"}, "findings": []}', questions = '[
    {"id": "vendor", "code": "vendor_unknown", "message": "Whose?", "cell": null,
     "options": [{"value": "acme", "label": "Acme", "evidence": "title"}]},
    {"id": "period", "code": "period_missing", "message": "When?", "cell": null, "options": []},
    {"id": "decimal", "code": "number_ambiguous", "message": "Which?", "cell": "C4", "options": [
        {"value": ", ", "label": "comma", "evidence": "country"}, {"value": ".", "label": "point", "evidence": "name"}]},
    {"id": "totals", "code": "totals_missing", "message": "Whole?", "cell": null,
     "options": [{"value": "complete", "label": "It is", "evidence": "-"}]}]'"#;

impl Setting {
    async fn answer_as(&self, principal: &Principal, id: UploadId, body: Value) -> Response {
        let request =
            RequestBuilder::new("POST", "/v1/uploads/x/answers").principal(principal).path("id", id);
        call!(self, answer, request.json(&body))
    }

    async fn answer(&self, id: UploadId, body: Value) -> Response {
        self.answer_as(&self.owner, id, body).await
    }

    async fn shown(&self, id: UploadId) -> Value {
        call!(self, get, self.get("/v1/uploads/x").path("id", id)).json()
    }

    async fn hold_again(&self, id: UploadId) {
        let sql = "UPDATE uploads SET status = 'needs_review', finished_at = now() WHERE id = $1";
        sqlx::query(sql).bind(id.0).execute(self.admin()).await.unwrap();
    }
}

#[tokio::test]
async fn answers_are_recorded_with_who_gave_them_and_wake_the_ingest() {
    let setting = setting().await;
    let id = setting.ended(ASKING).await;
    let body = json!({"answers": [{"id": "vendor", "value": "Neue Parfümerie"}, {"id": "decimal", "value": ", "}],
        "remember": true});
    let response = setting.answer(id, body).await;
    assert_eq!((response.status, response.json()), (202, json!({"id": id, "status": "pending"})));
    assert_eq!(
        setting.queue.drain::<IngestRequested>().unwrap(),
        [IngestRequested { org_id: setting.owner.org_id, upload_id: id }]
    );
    assert_eq!(setting.answer(id, json!({"answers": [{"id": "vendor", "value": "acme"}]})).await.status, 409);

    setting.hold_again(id).await;
    let more = json!({"answers": [{"id": "period", "value": "2026-03"}, {"id": "decimal", "value": "."}]});
    assert_eq!(setting.answer(id, more).await.status, 202);
    let shown = setting.shown(id).await;
    let answers: Vec<(&str, &str)> = shown["answers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|answer| (answer["id"].as_str().unwrap(), answer["value"].as_str().unwrap()))
        .collect();
    assert_eq!(answers, [("vendor", "Neue Parfümerie"), ("period", "2026-03"), ("decimal", ".")]);
    assert_eq!(shown["answers"][0]["by"], json!(setting.owner.user_id));
    assert_eq!((&shown["remember"], &shown["proposal"]["profile"]["vendor"]), (&json!(true), &json!("acme")));
    let listed = call!(setting, list, setting.get("/v1/uploads")).json();
    assert_eq!(listed["data"][0]["proposal"], Value::Null);
}

#[tokio::test]
async fn every_answer_at_fault_is_named_and_none_is_taken() {
    let setting = setting().await;
    let id = setting.ended(ASKING).await;
    for (answers, at, code) in [
        (json!([]), "/answers", "required"),
        (json!([{"id": "colour", "value": "red"}]), "/answers/0/id", "unknown"),
        (json!([{"id": "decimal", "value": "maybe"}]), "/answers/0/value", "invalid"),
        (json!([{"id": "period", "value": "March"}]), "/answers/0/value", "invalid"),
        (json!([{"id": "vendor", "value": "  "}]), "/answers/0/value", "invalid"),
        (
            json!([{"id": "vendor", "value": "a"}, {"id": "vendor", "value": "b"}]),
            "/answers/1/id",
            "duplicate",
        ),
        (json!([{"id": "vendor", "value": "a", "why": "x"}]), "/answers/0/why", "unknown"),
        (json!([{"id": "vendor"}]), "/answers/0/value", "required"),
    ] {
        let response = setting.answer(id, json!({"answers": answers})).await;
        assert_eq!(pointer(&response), (422, at.to_owned(), code.to_owned()), "{answers}");
    }
    let both =
        json!([{"id": "x", "value": "1"}, {"id": "decimal", "value": "2"}, {"id": "vendor", "value": "a"}]);
    let response = setting.answer(id, json!({"answers": both})).await.json();
    assert_eq!(response["fields"].as_array().unwrap().len(), 2, "{response}");
    let shown = setting.shown(id).await;
    assert_eq!((&shown["status"], &shown["answers"]), (&json!("needs_review"), &json!([])));
    assert!(setting.queue.drain::<IngestRequested>().unwrap().is_empty());
}

#[tokio::test]
async fn only_a_held_upload_takes_answers_and_only_a_booked_layout_is_kept_without_any() {
    let setting = setting().await;
    let answers = json!({"answers": [{"id": "vendor", "value": "acme"}], "remember": true});
    let keep = json!({"answers": [], "remember": true});
    for status in ["completed", "undone"] {
        let assignment = if status == "completed" { "status = 'completed'" } else { "status = 'undone'" };
        let id = setting.ended(assignment).await;
        assert_eq!(setting.answer(id, answers.clone()).await.json()["code"], "not_in_review");
        assert_eq!(setting.answer(id, keep.clone()).await.status, 422, "there is no layout to keep");
    }
    let booked = setting.ended(r#"status = 'completed', proposal = '{"profile": {}, "findings": []}'"#).await;
    let response = setting.answer(booked, keep).await;
    assert_eq!((response.status, &response.json()["status"]), (202, &json!("completed")));
    assert_eq!(setting.queue.drain::<IngestRequested>().unwrap().len(), 1);
    assert_eq!(setting.shown(booked).await["remember"], true);
}

#[tokio::test]
async fn analysts_answer_but_only_approvers_take_a_file_without_its_proof() {
    let setting = setting().await;
    let id = setting.ended(ASKING).await;
    let as_role = async |role| setting.db.principal(setting.owner.org_id, role).await;
    let vendor = json!({"answers": [{"id": "vendor", "value": "acme"}], "remember": true});
    let unproven = json!({"answers": [{"id": "totals", "value": "complete"}]});
    assert_eq!(setting.answer_as(&as_role("viewer").await, id, vendor.clone()).await.status, 403);
    assert_eq!(setting.answer_as(&as_role("analyst").await, id, unproven.clone()).await.status, 403);
    assert_eq!(setting.answer_as(&as_role("analyst").await, id, vendor).await.status, 202);
    setting.hold_again(id).await;
    assert_eq!(setting.answer_as(&as_role("admin").await, id, unproven).await.status, 202);
    let stranger = owner(&setting.db, "stranger").await;
    assert_eq!(setting.answer_as(&stranger, id, json!({"answers": []})).await.status, 404);
}
