mod rights;

use cloud::ObjectStore;
use data::exports::{NewExport, Selection};
use domain::{
    ExportFormat, ExportStatus, NumberStyle, RequestId,
    metrics::{Analysis, Dimension, Metric},
};
use edge::Principal;
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use sqlx::AssertSqlSafe;
use testkit::{Seeded, TestDatabase};

use super::*;

/// Rows of two vendors, one of each with a text that programs would run.
const ROWS: &str = "
    INSERT INTO uploads (id, org_id, file_name, size_bytes, source, object_key, stated_at)
        VALUES (uuidv7(), '{org}', 'a.xlsx', 1, 'api', 'k', now());
    INSERT INTO vendors (org_id, key, name) VALUES ('{org}', 'liberty', 'Liberty'), ('{org}', 'boxnox', 'Boxnox');
    INSERT INTO sellout_entries (org_id, upload_id, vendor, cut, period_start, period_end, store, product_ean, product_name,
        quantity, amount_local, currency, vat_included, amount_eur, line_class, source_row, key_hash, content_hash, active)
    SELECT org_id, id, (ARRAY['liberty', 'boxnox'])[1 + n % 2], 'main', '2026-01-01', '2026-01-31', 'Store ' || n % 7,
        '9529843000349', CASE WHEN n <= 2 THEN E'=cmd|''/c calc''!A1\\t\"x\"\\n' ELSE 'Kerze №' || n END, -n, n * 1.5, 'GBP', true,
        n * 1.7505, 'sale', n, '', '', true
    FROM uploads, generate_series(1, {rows}) AS n WHERE org_id = '{org}';";

pub(super) struct Lambda {
    pub(super) database: TestDatabase,
    pub(super) seeded: Seeded,
    pub(super) ctx: Context,
}

impl Lambda {
    pub(super) async fn with_rows(rows: u32) -> Self {
        let database = TestDatabase::new().await;
        let seeded = database.seed("aveline").await;
        let stranger = database.seed("stranger").await;
        for org in [seeded.org, stranger.org] {
            let statement = ROWS.replace("{org}", &org.to_string()).replace("{rows}", &rows.to_string());
            sqlx::raw_sql(AssertSqlSafe(statement)).execute(database.admin()).await.unwrap();
            database.sum_up(org).await;
        }
        let ctx = Context { database: database.app().clone(), files: ObjectStore::memory() };
        Self { database, seeded, ctx }
    }

    /// Keeps what somebody asks for.
    pub(super) async fn ask(&self, who: &Principal, selection: &Selection, format: ExportFormat) -> ExportId {
        let id = ExportId::new();
        let new = NewExport {
            id,
            requested_by: data::Caller::from(who).subject,
            source: "test",
            query: &serde_json::json!({}),
            selection,
            format,
            number_style: NumberStyle::Point,
            request_id: &RequestId::new(),
        };
        let mut tenant = self.ctx.database.tenant(who).await.unwrap();
        assert!(exports::insert(&mut tenant, &new).await.unwrap());
        tenant.commit().await.unwrap();
        id
    }

    pub(super) async fn run(&self, id: ExportId) -> Result<(), JobError> {
        let body = ExportRequested { org_id: self.seeded.org, export_id: id };
        handle(&self.ctx, Message { id: "m".to_owned(), receive_count: 1, body }).await
    }

    pub(super) async fn export(&self, id: ExportId) -> Export {
        let mut tenant = self.ctx.database.system(self.seeded.org).await.unwrap();
        exports::find(&mut tenant, id).await.unwrap().unwrap()
    }

    pub(super) async fn file(&self, id: ExportId) -> Vec<u8> {
        let key = exports::object_key(self.seeded.org, id);
        let copy = self.ctx.files.copy_locally(&key, u64::MAX).await.unwrap();
        std::fs::read(copy.path()).unwrap()
    }

    /// What the owner gets.
    async fn made(&self, selection: &Selection, format: ExportFormat) -> Vec<u8> {
        let id = self.ask(&self.seeded.principal(), selection, format).await;
        self.run(id).await.unwrap();
        self.file(id).await
    }

    async fn execute(&self, statement: &str) {
        sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(self.database.admin()).await.unwrap();
    }
}

pub(super) fn all_sales() -> Selection {
    Selection::Sales(data::sales::Filter::default())
}

/// The records of a CSV file by the names of their columns.
pub(super) fn records(bytes: &[u8]) -> Vec<std::collections::HashMap<String, String>> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap();
    csv::Reader::from_reader(bytes).deserialize().map(Result::unwrap).collect()
}

#[tokio::test]
async fn every_row_is_in_the_file_however_many_there_are() {
    let lambda = Lambda::with_rows(12_345).await;
    let id = lambda.ask(&lambda.seeded.principal(), &all_sales(), ExportFormat::Csv).await;
    lambda.run(id).await.unwrap();
    let rows = records(&lambda.file(id).await);
    assert_eq!(rows.len(), 12_345);
    let export = lambda.export(id).await;
    assert_eq!(
        (export.status.0, export.rows_done, export.rows_total),
        (ExportStatus::Ready, 12_345, Some(12_345))
    );
    assert_eq!(export.size_bytes, Some(lambda.file(id).await.len() as i64));
    let days = (export.expires_at.unwrap() - chrono::Utc::now()).num_hours();
    assert!((160..=168).contains(&days), "{days} hours");
    let sum: i64 = rows.iter().map(|row| row["quantity"].parse::<i64>().unwrap()).sum();
    assert_eq!(sum, -(1..=12_345).sum::<i64>(), "negative numbers stay numbers");
    let hostile = rows.iter().filter(|row| row["product_name"] == "'=cmd|'/c calc'!A1\t\"x\"\n").count();
    assert_eq!(hostile, 2);
}

#[tokio::test]
async fn every_format_has_the_same_rows() {
    let lambda = Lambda::with_rows(2_500).await;
    let lines = String::from_utf8(lambda.made(&all_sales(), ExportFormat::Jsonl).await).unwrap();
    let lines: Vec<serde_json::Value> =
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let first = lines.iter().find(|line| line["source_row"] == 1).unwrap();
    assert_eq!(first["product_name"], "=cmd|'/c calc'!A1\t\"x\"\n", "no spreadsheet program reads JSON");
    assert_eq!((&first["amount_local"], &first["amount_eur"]), (&"1.50".into(), &"1.7505".into()));
    assert_eq!((&first["vat_included"], &first["sale_date"]), (&true.into(), &serde_json::Value::Null));

    let parquet = bytes::Bytes::from(lambda.made(&all_sales(), ExportFormat::Parquet).await);
    let reader = SerializedFileReader::new(parquet).unwrap();
    assert_eq!(reader.metadata().file_metadata().num_rows(), 2_500);
    let names: Vec<_> =
        reader.metadata().file_metadata().schema().get_fields().iter().map(|f| f.name().to_owned()).collect();
    let fields: Vec<_> = first.as_object().unwrap().keys().cloned().collect();
    assert_eq!(
        {
            let mut sorted = names;
            sorted.sort();
            sorted
        },
        {
            let mut sorted = fields;
            sorted.sort();
            sorted
        }
    );

    let workbook = lambda.made(&all_sales(), ExportFormat::Xlsx).await;
    assert!(workbook.starts_with(b"PK\x03\x04"));
    assert_eq!(
        (lines.len(), records(&lambda.made(&all_sales(), ExportFormat::Csv).await).len()),
        (2_500, 2_500)
    );
}

#[tokio::test]
async fn filters_choose_the_rows_and_hostile_values_choose_none() {
    let lambda = Lambda::with_rows(100).await;
    let of = |vendor: &str| {
        Selection::Sales(data::sales::Filter { vendor: Some(vendor.to_owned()), ..Default::default() })
    };
    assert_eq!(records(&lambda.made(&of("boxnox"), ExportFormat::Csv).await).len(), 50);
    for value in ["' OR true --", "\\' OR true --", "{}", "x'); DROP TABLE sellout_entries; --", "ü\\"] {
        let bytes = lambda.made(&of(value), ExportFormat::Csv).await;
        assert!(records(&bytes).is_empty(), "{value}");
        assert!(bytes.starts_with("\u{feff}id,upload_id,".as_bytes()), "an empty list has its header");
    }
    let every = data::sales::Filter {
        upload: None,
        vendor: Some("liberty".to_owned()),
        from: "2026-01-01".parse().ok(),
        to: "2026-12-31".parse().ok(),
        channel: Some(domain::Channel::Retail),
        store: Some("Store 1".to_owned()),
        product: Some("9529843000349".to_owned()),
        line_class: Some(domain::LineClass::Sale),
    };
    let mut tenant = lambda.ctx.database.tenant(&lambda.seeded.principal()).await.unwrap();
    let listed = data::sales::list(&mut tenant, &every, 1_000, None).await.unwrap();
    let mut listed: Vec<_> = listed.iter().map(|sale| sale.id.to_string()).collect();
    drop(tenant);
    let file = records(&lambda.made(&Selection::Sales(every), ExportFormat::Csv).await);
    let mut exported: Vec<_> = file.iter().map(|row| row["id"].clone()).collect();
    listed.sort();
    exported.sort();
    assert!(!listed.is_empty());
    assert_eq!(exported, listed, "the list itself");
}

#[tokio::test]
async fn an_analysis_has_the_figures_of_its_route() {
    let lambda = Lambda::with_rows(1_000).await;
    let analysis = Analysis::of(&[Metric::RevenueEur, Metric::Units, Metric::RevenueLocal, Metric::Orders])
        .by(&[Dimension::Month, Dimension::Vendor, Dimension::Store]);
    let rows = records(&lambda.made(&Selection::Analysis(analysis), ExportFormat::Csv).await);
    assert_eq!(rows.len(), 14);
    let one = rows.iter().find(|row| row["vendor"] == "liberty" && row["store"] == "Store 0").unwrap();
    let numbers = (1..=1_000).filter(|n| n % 2 == 0 && n % 7 == 0).sum::<i64>();
    assert_eq!(one["month"], "2026-01-01");
    assert_eq!(
        (&*one["vendor_name"], &*one["units"], &*one["orders"]),
        ("Liberty", &*(-numbers).to_string(), "")
    );
    assert_eq!(one["revenue_eur"], format!("{:.2}", numbers as f64 * 1.7505));
    assert_eq!(
        (&*one["revenue_local"], &*one["currency_local"]),
        (&*format!("{:.2}", numbers as f64 * 1.5), "GBP")
    );
}

#[tokio::test]
async fn running_again_changes_nothing() {
    let lambda = Lambda::with_rows(10).await;
    let id = lambda.ask(&lambda.seeded.principal(), &all_sales(), ExportFormat::Csv).await;
    lambda.run(id).await.unwrap();
    let (before, file) = (lambda.export(id).await, lambda.file(id).await);
    lambda.execute("UPDATE sellout_entries SET product_name = 'changed'").await;
    lambda.run(id).await.unwrap();
    assert_eq!((lambda.export(id).await, lambda.file(id).await), (before, file));
    assert!(matches!(lambda.run(ExportId::new()).await, Err(JobError::Permanent(_))), "nobody asked for it");
}

#[tokio::test]
async fn what_a_dead_worker_has_left_is_made_by_the_next_one_until_the_tries_are_used_up() {
    let lambda = Lambda::with_rows(10).await;
    let owner = lambda.seeded.principal();
    let (begun, hopeless) = (
        lambda.ask(&owner, &all_sales(), ExportFormat::Csv).await,
        lambda.ask(&owner, &all_sales(), ExportFormat::Csv).await,
    );
    let mut tenant = lambda.ctx.database.system(lambda.seeded.org).await.unwrap();
    exports::claim(&mut tenant, begun).await.unwrap();
    for _ in 0..MAX_ATTEMPTS {
        exports::claim(&mut tenant, hopeless).await.unwrap();
    }
    tenant.commit().await.unwrap();
    lambda.run(begun).await.unwrap();
    assert_eq!(lambda.export(begun).await.status.0, ExportStatus::Ready);
    assert!(matches!(lambda.run(hopeless).await, Err(JobError::Permanent(_))));
    let failed = lambda.export(hopeless).await;
    assert_eq!(
        (failed.status.0, failed.error.unwrap().code),
        (ExportStatus::Failed, "internal_error".to_owned())
    );
}

#[tokio::test]
async fn two_workers_at_once_make_one_file() {
    let lambda = Lambda::with_rows(10).await;
    let id = lambda.ask(&lambda.seeded.principal(), &all_sales(), ExportFormat::Csv).await;
    let mut worker = TestDatabase::app(&lambda.database).system(lambda.seeded.org).await.unwrap();
    assert!(exports::lock(&mut worker, id).await.unwrap());
    lambda.run(id).await.unwrap();
    assert_eq!(lambda.export(id).await.status.0, ExportStatus::Queued, "the other one is at it");
    worker.rollback().await.unwrap();
    lambda.run(id).await.unwrap();
    assert_eq!(lambda.export(id).await.status.0, ExportStatus::Ready);
}

#[tokio::test]
async fn the_trail_tells_of_an_export_and_the_event_is_one_that_aws_sends() {
    let lambda = Lambda::with_rows(3).await;
    let id = lambda.ask(&lambda.seeded.principal(), &all_sales(), ExportFormat::Xlsx).await;
    lambda.run(id).await.unwrap();
    let (details, subject): (serde_json::Value, String) =
        sqlx::query_as("SELECT details, subject_id FROM audit_events WHERE action = 'export_generated'")
            .fetch_one(lambda.database.admin())
            .await
            .unwrap();
    assert_eq!((&details["rows"], &details["format"], subject), (&3.into(), &"xlsx".into(), id.to_string()));
    let event = testkit::event("export-generate/one-export");
    let body = event["Records"][0]["body"].as_str().unwrap();
    serde_json::from_str::<ExportRequested>(body).unwrap();
}

#[tokio::test]
async fn rows_that_are_given_up_halfway_leave_no_connection_in_a_muddle() {
    let lambda = Lambda::with_rows(20_000).await;
    let owner = lambda.seeded.principal();
    for _ in 0..5 {
        let mut reading = lambda.ctx.database.copying(&owner).await.unwrap();
        let mut rows = exports::open(&mut reading, &all_sales(), false, None).await.unwrap();
        assert_eq!(rows.next().await.unwrap().unwrap().rows(), 1_000);
        drop(rows);
        drop(reading);
        let mut tenant = lambda.ctx.database.tenant(&owner).await.unwrap();
        assert_eq!(exports::count(&mut tenant, &all_sales()).await.unwrap(), 20_000);
    }
}

#[tokio::test]
async fn reference_data_is_exported_whole_with_the_columns_of_its_import() {
    let lambda = Lambda::with_rows(1).await;
    lambda
        .execute(&format!(
            "INSERT INTO products (org_id, ean, name, kind, active) VALUES ('{org}', '9529843000349', '=1', 'regular', true);
             INSERT INTO product_prices (org_id, ean, valid_from, price_eur) VALUES ('{org}', '9529843000349', '2026-01-01', 196);
             INSERT INTO fx_rates (org_id, month, currency, eur_per_unit, source) VALUES ('{org}', '2026-01-01', 'GBP', 1.15000, 'ECB')",
            org = lambda.seeded.org
        ))
        .await;
    for (selection, header, row) in [
        (Selection::Prices, "ean,price_eur,valid_from,valid_to", "9529843000349,196.00,2026-01-01,"),
        (Selection::FxRates, "month,currency,eur_per_unit,source", "2026-01,GBP,1.15,ECB"),
        (Selection::Vendors, "key,name,country,contact_email,created_at", "boxnox,Boxnox,,,"),
        (Selection::Stores, "id,vendor,name,kind,city,country,created_at", ""),
        (Selection::Aliases, "id,vendor,alias,ean,source,created_at", ""),
        (Selection::KnownGaps, "id,vendor,first_day,last_day,reason,created_at", ""),
    ] {
        let text = String::from_utf8(lambda.made(&selection, ExportFormat::Csv).await).unwrap();
        let mut lines = text.trim_start_matches('\u{feff}').lines();
        assert_eq!(lines.next(), Some(header));
        assert!(lines.next().unwrap_or_default().starts_with(row), "{text}");
    }
    let products = records(
        &lambda.made(&Selection::Products(data::products::Filter::default()), ExportFormat::Csv).await,
    );
    assert_eq!((&*products[0]["name"], &*products[0]["active"]), ("'=1", "true"));
}
