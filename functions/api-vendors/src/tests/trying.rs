use super::*;

const FILE: &str =
    "data;codice;pezzi;venduto\n02/03/2026;4006381333931;2;190,00\n31/03/2026;5901234123457;3;255,50\n";

impl Setting {
    async fn trial(&self, id: &str, upload: UploadId) -> Response {
        let request = RequestBuilder::new("POST", "/v1/vendor-profiles/x/test").principal(&self.owner);
        call!(self, trial, request.path("id", id).json(&json!({"upload_id": upload})))
    }
}

#[tokio::test]
async fn an_upload_is_read_with_a_profile_and_nothing_is_booked() {
    let setting = setting().await;
    let id = setting.import(&profile()).await.json()["id"].as_str().unwrap().to_owned();
    let upload = setting.upload(FILE).await;
    let response = setting.trial(&id, upload).await;
    assert_eq!(response.status, 200, "{}", response.json());
    insta::assert_json_snapshot!(response.json(), { ".upload_id" => "[id]" });
    let mut tenant = setting.ctx.database.system(setting.owner.org_id).await.unwrap();
    let upload = uploads::find(&mut tenant, upload).await.unwrap().unwrap();
    assert_eq!(upload.status, domain::UploadStatus::Pending);
    let rows: i64 =
        sqlx::query_scalar("SELECT count(*) FROM sales").fetch_one(setting.db.admin()).await.unwrap();
    assert_eq!(rows, 0);
    assert_eq!(vendor_profiles::in_use(&mut tenant).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_file_the_profile_does_not_know_and_one_that_is_no_sales_say_so() {
    let setting = setting().await;
    let other = setting
        .upload("Giorno;Negozio;EAN;Pezzi;Importo EUR\n02/03/2026;Roma;4006381333931;2;190,00\n")
        .await;
    let json = setting.trial("liberty", other).await.json();
    assert_eq!(json["recognised"], false, "{json:#}");
    let nothing = setting.upload("hello\nworld\n").await;
    let json = setting.trial("liberty", nothing).await.json();
    assert_eq!(
        (&json["would"], json["error"]["code"].is_string()),
        (&json!("be_rejected"), true),
        "{json:#}"
    );
}

#[tokio::test]
async fn a_file_that_is_gone_or_too_large_is_not_tried() {
    let setting = setting().await;
    let upload = setting.upload(FILE).await;
    setting.ctx.inbox.delete(&format!("uploads/{}/{upload}", setting.owner.org_id)).await.unwrap();
    assert_eq!(setting.trial("liberty", upload).await.json()["code"], "file_missing");
    let sql = "UPDATE uploads SET size_bytes = 20971521 WHERE id = $1";
    sqlx::query(sql).bind(upload.0).execute(setting.db.admin()).await.unwrap();
    assert_eq!(
        pointer(&setting.trial("liberty", upload).await),
        (422, "/upload_id".into(), "file_too_large".into())
    );
    assert_eq!(setting.trial("liberty", UploadId::new()).await.status, 404);
}
