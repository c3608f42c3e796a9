use super::*;

const COMPLETED: &str = "status = 'completed', vendor = 'liberty', changes = '{\"added\": 1, \"changed\": 2,
    \"removed\": 1, \"unchanged\": 1}'";

/// January as one upload states it, in place of what another one stated.
const STATEMENT: &str = "INSERT INTO reporting_periods (org_id, upload_id, vendor, cut, period_start, period_end, currency,
        version, replaced_version, stated_at, document_kind, records, quantity, change, active)
    VALUES ($1, $2, 'liberty', 'main', '2026-01-01', '2026-01-31', 'GBP', 2, 1, now(), 'snapshot', 1, 1, 'changed', true)";

const ROWS: &str = "INSERT INTO sellout_entries (org_id, upload_id, vendor, cut, period_start, period_end, store,
        vendor_product_code, product_name, quantity, amount_local, currency, vat_included, line_class, source_sheet,
        source_row, source_column, key_hash, content_hash, active, since_version, until_version)
    SELECT $1, $2, 'liberty', 'main', '2026-01-01', '2026-01-31', 'Flagship', code, 'Candle ' || code, quantity,
        quantity * 10.5, currency, true, 'sale', 'Data', 7, 'M', code::bytea, (code || quantity || currency)::bytea, $4,
        CASE WHEN $4 THEN 2 ELSE 1 END, CASE WHEN NOT $4 THEN 2 END
    FROM json_to_recordset($3::text::json) AS r (code text, quantity numeric, currency text)";

impl Setting {
    /// Two reports of January; the second one corrects the first.
    async fn corrected(&self) -> UploadId {
        let first = self.ended("status = 'completed', vendor = 'liberty'").await;
        let second = self.ended(COMPLETED).await;
        let row = |code: &str, quantity: i64, currency: &str| json!({"code": code, "quantity": quantity, "currency": currency});
        let before = [row("A", 1, "GBP"), row("B", 2, "GBP"), row("C", 3, "GBP"), row("E", 5, "GBP")];
        let after = [row("A", 1, "GBP"), row("B", 7, "GBP"), row("D", 4, "GBP"), row("E", 5, "EUR")];
        let statement = sqlx::query(STATEMENT).bind(self.owner.org_id.0).bind(second.0);
        statement.execute(self.admin()).await.unwrap();
        for (upload, rows, active) in [(first, before, false), (second, after, true)] {
            let insert = sqlx::query(ROWS).bind(self.owner.org_id.0).bind(upload.0);
            insert.bind(json!(rows).to_string()).bind(active).execute(self.admin()).await.unwrap();
        }
        second
    }

    async fn changes(&self, id: UploadId, query: &str) -> Response {
        call!(self, changes, self.get(&format!("/v1/uploads/x/changes{query}")).path("id", id))
    }
}

#[tokio::test]
async fn a_correction_is_listed_line_by_line_with_both_sides() {
    let setting = setting().await;
    let id = setting.corrected().await;
    let response = setting.changes(id, "").await;
    assert_eq!(response.status, 200);
    insta::assert_json_snapshot!(response.json(), {
        ".upload_id" => "[id]", ".data[].before.upload_id" => "[id]", ".data[].after.upload_id" => "[id]"
    });
}

#[tokio::test]
async fn changes_are_filtered_and_paged() {
    let setting = setting().await;
    let id = setting.corrected().await;
    let codes = |response: Response| -> Vec<String> {
        let data = response.json()["data"].clone();
        let lines = data.as_array().unwrap().iter();
        lines.map(|line| line["key"]["vendor_product_code"].as_str().unwrap().to_owned()).collect()
    };
    let all = codes(setting.changes(id, "").await);
    assert_eq!(all, ["B", "C", "D", "E"]);
    let first = setting.changes(id, "?limit=3").await;
    let cursor = first.json()["next_cursor"].as_str().unwrap().to_owned();
    let rest = setting.changes(id, &format!("?limit=3&cursor={cursor}")).await;
    assert_eq!(rest.json()["next_cursor"], Value::Null);
    assert_eq!([codes(first), codes(rest)].concat(), all);

    assert_eq!(codes(setting.changes(id, "?kind=removed").await), ["C"]);
    assert_eq!(setting.changes(id, "?kind=removed").await.json()["totals"]["changed"]["lines"], 0);
    assert_eq!(codes(setting.changes(id, "?period=2026-01").await).len(), 4);
    assert_eq!(codes(setting.changes(id, "?period=2026-01-31&kind=added").await), ["D"]);
    assert_eq!(codes(setting.changes(id, "?period=2026-02").await).len(), 0);
    for query in ["?period=January", "?period=2026-13", "?kind=moved", "?cursor=x"] {
        assert_eq!(setting.changes(id, query).await.status, 400, "{query}");
    }
}

#[tokio::test]
async fn an_upload_that_was_never_booked_has_changed_nothing_and_one_that_was_undone_says_what_it_had() {
    let setting = setting().await;
    let held = setting.ended("status = 'needs_review'").await;
    let response = setting.changes(held, "").await;
    assert_eq!((response.status, &response.json()["code"]), (409, &json!("not_booked")));
    let id = setting.corrected().await;
    sqlx::query("UPDATE uploads SET status = 'undone' WHERE id = $1")
        .bind(id.0)
        .execute(setting.admin())
        .await
        .unwrap();
    let undone = setting.changes(id, "").await.json();
    assert_eq!((&undone["status"], undone["data"].as_array().unwrap().len()), (&json!("undone"), 4));
}
