use super::*;

impl Setting {
    async fn approve(&self, id: UploadId, reason: &str) -> Response {
        let request = self.post(json!({"reason": reason})).path("id", id);
        call!(self, approve, request)
    }

    async fn status(&self, id: UploadId) -> String {
        let sql = "SELECT status FROM uploads WHERE id = $1";
        sqlx::query_scalar(sql).bind(id.0).fetch_one(self.admin()).await.unwrap()
    }

    fn queued(&self) -> Vec<IngestRequested> {
        self.queue.drain().unwrap()
    }
}

#[tokio::test]
async fn an_approval_records_who_and_why_and_wakes_the_ingest() {
    let setting = setting().await;
    let id = setting.ended("status = 'needs_review'").await;
    let response = setting.approve(id, " the vendor confirmed it ").await;
    assert_eq!((response.status, response.json()), (202, json!({"id": id, "status": "pending"})));
    assert_eq!(setting.queued(), [IngestRequested { org_id: setting.owner.org_id, upload_id: id }]);

    let shown = call!(setting, get, setting.get("/v1/uploads/x").path("id", id)).json();
    assert_eq!(shown["approval"]["by"], json!(setting.owner.user_id));
    assert_eq!(shown["approval"]["reason"], "the vendor confirmed it");
    assert_eq!(setting.approve(id, "again").await.status, 409);
    assert_eq!(setting.queued(), []);
}

#[tokio::test]
async fn an_approval_needs_a_reason_and_an_upload_that_waits_for_nothing_else() {
    let setting = setting().await;
    let id = setting.ended("status = 'needs_review'").await;
    assert_eq!(pointer(&setting.approve(id, "  ").await), (422, "/reason".to_owned(), "required".to_owned()));
    assert_eq!(setting.approve(id, &"x".repeat(1001)).await.status, 422);
    let completed = setting.ended("status = 'completed'").await;
    assert_eq!(setting.approve(completed, "fine").await.json()["code"], "not_in_review");
    let asked = setting
        .ended(
            r#"status = 'needs_review', questions =
               '[{"id": "q", "code": "period_missing", "message": "?", "cell": null, "options": []}]'"#,
        )
        .await;
    assert_eq!(setting.approve(asked, "fine").await.json()["code"], "questions_open");
    assert_eq!(setting.queued(), []);
}

#[tokio::test]
async fn only_a_failed_upload_is_tried_again() {
    let setting = setting().await;
    let failed =
        setting.ended(r#"status = 'failed', error = '{"code": "internal", "message": "our fault"}'"#).await;
    let again = |id| setting.post(json!({})).path("id", id);
    let response = call!(setting, retry, again(failed));
    assert_eq!((response.status, setting.status(failed).await.as_str()), (202, "pending"));
    assert_eq!(setting.queued().len(), 1);
    let response = call!(setting, retry, again(failed));
    assert_eq!((response.status, &response.json()["code"]), (409, &json!("not_failed")));
    assert_eq!(setting.queued(), []);
}

#[tokio::test]
async fn what_was_booked_held_or_rejected_is_read_again() {
    let setting = setting().await;
    let again = |id| setting.post(json!({})).path("id", id);
    for state in [
        "status = 'completed', vendor = 'liberty'",
        "status = 'needs_review'",
        r#"status = 'rejected', error = '{"code": "not_sales", "message": "no"}'"#,
    ] {
        let id = setting.ended(state).await;
        let response = call!(setting, replay, again(id));
        assert_eq!((response.status, setting.status(id).await.as_str()), (202, "pending"), "{state}");
        assert_eq!(setting.queued().len(), 1);
        assert_eq!(call!(setting, replay, again(id)).json()["code"], "not_replayable");
        assert_eq!(setting.queued(), []);
    }
}

#[tokio::test]
async fn only_a_completed_upload_is_undone_and_only_once() {
    let setting = setting().await;
    let completed = setting.ended("status = 'completed', vendor = 'liberty'").await;
    let request = |id| setting.get("/v1/uploads/x").path("id", id);
    let response = call!(setting, undo, request(completed));
    assert_eq!((response.status, response.json()), (200, json!({"removed": 0, "restored": 0, "kept": 0})));
    assert_eq!(setting.status(completed).await, "undone");
    assert_eq!(call!(setting, undo, request(completed)).status, 409);
    let held = setting.ended("status = 'needs_review'").await;
    assert_eq!(call!(setting, undo, request(held)).json()["code"], "not_completed");
}
