use sha2::{Digest as _, Sha256};

use super::*;

const COMPLETED: &str = r#"
    status = 'completed', started_at = created_at, vendor = 'liberty', vendor_confidence = 0.98, layout = 'liberty@1',
    sha256 = repeat('a', 64), rows_read = 12, rows_accepted = 9, rows_rejected = 1, rows_ignored = 2,
    periods = '[{"start": "2026-01-01", "end": "2026-01-31", "currency": "PLN", "records": 9, "quantity": "22",
                 "amount_local": "7566.00", "change": "new"}]',
    totals = '[{"currency": "PLN", "quantity": "22", "amount_local": "7566.00", "amount_eur": null}]',
    changes = '{"added": 9, "changed": 0, "removed": 0, "unchanged": 0}',
    warnings = '[{"code": "fx_rate_missing", "message": "There is no rate for PLN in 2026-01."}]'"#;

impl Setting {
    async fn control(&self, id: UploadId, position: i32, actual: i32) {
        sqlx::query(
            "INSERT INTO upload_controls (org_id, upload_id, position, name, sheet, cell, expected, actual, ok)
             VALUES ($1, $2, $3, 'Grand Total / amount', 'Total', 'N95', 3138.00, $4::numeric(10, 2), $4 = 3138)",
        )
        .bind(self.owner.org_id.0)
        .bind(id.0)
        .bind(position)
        .bind(actual)
        .execute(self.admin())
        .await
        .unwrap();
    }

    async fn reject(&self, id: UploadId, position: i32, value: &str) {
        sqlx::query(
            "INSERT INTO upload_rejects (org_id, upload_id, position, sheet, row, column_name, cell, value, code, message)
             VALUES ($1, $2, $3, 'Data', $3 + 10, 'Qty', 'F12', $4, 'not_a_number', 'This is not a number.')",
        )
        .bind(self.owner.org_id.0)
        .bind(id.0)
        .bind(position)
        .bind(value)
        .execute(self.admin())
        .await
        .unwrap();
    }

    async fn rejects(&self, id: UploadId, query: &str) -> Response {
        call!(self, rejects, self.get(&format!("/v1/uploads/x/rejects{query}")).path("id", id))
    }

    async fn listed(&self, query: &str) -> Vec<Value> {
        let json = call!(self, list, self.get(&format!("/v1/uploads{query}"))).json();
        json["data"].as_array().unwrap().iter().map(|upload| upload["id"].clone()).collect()
    }
}

#[tokio::test]
async fn an_upload_is_shown_whole() {
    let setting = setting().await;
    let id = setting.ended(COMPLETED).await;
    setting.control(id, 0, 3138).await;
    let response = call!(setting, get, setting.get("/v1/uploads/x").path("id", id));
    assert_eq!(response.status, 200);
    insta::assert_json_snapshot!(response.json(), {
        ".id" => "[id]", ".created_at" => "[time]", ".finished_at" => "[time]"
    });
}

#[tokio::test]
async fn the_list_is_filtered_paged_and_shows_what_does_not_tie_first() {
    let setting = setting().await;
    let completed = setting.ended(COMPLETED).await;
    setting.control(completed, 0, 3138).await;
    setting.control(completed, 1, 3137).await;
    let pending = setting.announced().await;
    assert_eq!(setting.listed("").await, [json!(pending), json!(completed)]);
    assert_eq!(setting.listed("?status=pending").await, [json!(pending)]);
    assert_eq!(setting.listed("?vendor=liberty").await, [json!(completed)]);
    assert!(setting.listed("?vendor=liberty&status=pending").await.is_empty());

    let page = call!(setting, list, setting.get("/v1/uploads?limit=1")).json();
    let next = format!("/v1/uploads?limit=1&cursor={}", page["next_cursor"].as_str().unwrap());
    let page = call!(setting, list, setting.get(&next)).json();
    assert_eq!((&page["data"][0]["id"], &page["next_cursor"]), (&json!(completed), &Value::Null));
    let ties: Vec<&Value> =
        page["data"][0]["controls"].as_array().unwrap().iter().map(|control| &control["ok"]).collect();
    assert_eq!(ties, [&json!(false), &json!(true)]);

    let unknown = call!(setting, list, setting.get("/v1/uploads?status=lost"));
    assert_eq!(unknown.status, 400);
}

#[tokio::test]
async fn rejects_are_paged_as_json_and_downloaded_whole() {
    let setting = setting().await;
    let id = setting.ended(COMPLETED).await;
    setting.reject(id, 0, "n/a").await;
    setting.reject(id, 1, "=cmd|'/c calc'!A1").await;
    let page = setting.rejects(id, "?limit=1").await.json();
    insta::assert_json_snapshot!(page["data"]);
    let next = format!("?limit=1&cursor={}", page["next_cursor"].as_str().unwrap());
    let page = setting.rejects(id, &next).await.json();
    assert_eq!((&page["data"][0]["row"], &page["next_cursor"]), (&json!(11), &Value::Null));

    let csv = setting.rejects(id, "?format=csv").await;
    assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8"));
    assert_eq!(
        csv.header("content-disposition"),
        Some(&*format!("attachment; filename=\"rejects-{id}.csv\""))
    );
    let text = String::from_utf8(csv.body().to_vec()).unwrap();
    assert!(text.contains(",'=cmd|'/c calc'!A1,"), "{text}");
    let xlsx = setting.rejects(id, "?format=xlsx").await;
    assert_eq!((xlsx.status, &xlsx.body()[..2]), (200, &b"PK"[..]));
    assert_eq!(setting.rejects(id, "?format=pdf").await.status, 400);
}

#[tokio::test]
async fn the_workbook_of_rejects_is_the_senders_own_table() {
    let setting = setting().await;
    let id = setting.ended(COMPLETED).await;
    let file = "Item;Qty\nCandle;-3\n=cmd|'/c calc'!A1;n/a\n".as_bytes().to_vec();
    setting.ctx.inbox.put(&format!("uploads/{}/{id}", setting.owner.org_id), file.clone()).await.unwrap();
    let sha256: String = Sha256::digest(&file).iter().map(|byte| format!("{byte:02x}")).collect();
    let known = sqlx::query("UPDATE uploads SET sha256 = $2 WHERE id = $1").bind(id.0).bind(sha256);
    known.execute(setting.admin()).await.unwrap();
    sqlx::query(
        "INSERT INTO upload_rejects (org_id, upload_id, position, row, column_name, cell, value, code, message)
         VALUES ($1, $2, 0, 3, 'Qty', 'B3', 'n/a', 'not_a_number', 'This is not a number.')",
    )
    .bind(setting.owner.org_id.0)
    .bind(id.0)
    .execute(setting.admin())
    .await
    .unwrap();

    let response = setting.rejects(id, "?format=xlsx").await;
    let name = format!("attachment; filename=\"rejects-{id}.xlsx\"");
    assert_eq!(response.header("content-disposition"), Some(&*name));
    let (mut workbook, _file) = opened(&response);
    assert_eq!(workbook.sheets(), [Some("Rejects".to_owned()), Some("Data".to_owned())]);
    let mut rows = Vec::new();
    let visit = &mut |row: &ingest::Row| {
        rows.push(row.cells.clone());
        std::ops::ControlFlow::Continue(())
    };
    workbook.rows(1, visit).unwrap();
    let text = |text: &str| ingest::Cell::Text(text.to_owned());
    assert_eq!(
        rows,
        [
            vec![(0, text("Item")), (1, text("Qty"))],
            vec![(0, text("Candle")), (1, ingest::Cell::Number((-3).into()))],
            vec![(0, text("'=cmd|'/c calc'!A1")), (1, text("n/a"))],
        ]
    );

    let viewer = setting.db.principal(setting.owner.org_id, "viewer").await;
    let listed = RequestBuilder::new("GET", "/v1/uploads/x/rejects?format=xlsx").principal(&viewer);
    let (workbook, _file) = opened(&call!(setting, rejects, listed.path("id", id)));
    assert_eq!(workbook.sheets(), [Some("Rejects".to_owned())], "a viewer may not see the original");
}

/// The workbook that a route has answered with; it is read from a file that is there for as long.
fn opened(response: &Response) -> (ingest::Original, tempfile::NamedTempFile) {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), response.body()).unwrap();
    (ingest::Original::open(file.path()).unwrap(), file)
}

#[tokio::test]
async fn the_inbox_holds_the_rejects_of_all_uploads_that_are_booked_or_held() {
    let setting = setting().await;
    let booked = setting.ended(COMPLETED).await;
    let held = setting.ended("status = 'needs_review', vendor = 'boxnox'").await;
    let undone = setting.ended("status = 'undone', vendor = 'boxnox'").await;
    for id in [booked, held, undone] {
        setting.reject(id, 0, "n/a").await;
        setting.reject(id, 1, "x").await;
    }
    let inbox =
        async |query: &str| call!(setting, reject_inbox, setting.get(&format!("/v1/rejects{query}"))).json();
    let all = inbox("").await["data"].clone();
    let ids: Vec<&Value> = all.as_array().unwrap().iter().map(|reject| &reject["upload_id"]).collect();
    assert_eq!(ids, [&json!(held), &json!(held), &json!(booked), &json!(booked)]);
    insta::assert_json_snapshot!(all[0], { ".upload_id" => "[id]" });

    let first = inbox("?limit=3").await;
    let rest = inbox(&format!("?limit=3&cursor={}", first["next_cursor"].as_str().unwrap())).await;
    assert_eq!((&rest["data"][0], rest["data"].as_array().unwrap().len()), (&all[3], 1));
    assert_eq!(inbox("?vendor=liberty").await["data"].as_array().unwrap().len(), 2);
    assert_eq!(
        inbox(&format!("?upload_id={held}&code=not_a_number")).await["data"].as_array().unwrap().len(),
        2
    );
    assert_eq!(inbox("?code=other").await["data"], json!([]));
}

#[tokio::test]
async fn who_may_see_an_upload_may_not_have_its_file_for_that() {
    let setting = setting().await;
    let completed = setting.ended(COMPLETED).await;
    let viewer = setting.db.principal(setting.owner.org_id, "viewer").await;
    let path = "/v1/uploads/x/original";
    let request = RequestBuilder::new("GET", path).principal(&viewer).path("id", completed);
    let refused = call!(setting, original, request);
    assert_eq!(refused.status, 403);
    assert!(refused.json()["detail"].as_str().unwrap().contains("originals:read"), "{}", refused.json());
}

#[tokio::test]
async fn the_original_is_signed_once_it_has_arrived() {
    let setting = setting().await;
    let pending = setting.announced().await;
    let completed = setting.ended(COMPLETED).await;
    let request = |id| setting.get("/v1/uploads/x/original").path("id", id);
    assert_eq!(call!(setting, original, request(pending)).json()["code"], "not_arrived");
    let gone = setting.ended(COMPLETED).await;
    sqlx::query("UPDATE uploads SET original_removed_at = '2026-05-01T03:20:00Z' WHERE id = $1")
        .bind(gone.0)
        .execute(setting.db.admin())
        .await
        .unwrap();
    assert_eq!(call!(setting, original, request(gone)).json()["code"], "original_removed");
    let again = call!(setting, replay, setting.post(json!({})).path("id", gone));
    assert_eq!(again.json()["code"], "original_removed");
    let response = call!(setting, original, request(completed));
    let url = format!("memory:///uploads/{}/{completed}", setting.owner.org_id);
    assert_eq!((response.status, &response.json()["url"]), (200, &json!(url)));
}
