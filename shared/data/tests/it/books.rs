//! A tenant's books under test: sends documents the way `file-ingest` does.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use data::{
    Tenant,
    booking::{self, Ended, Undone},
    uploads::{self, Claim, NewUpload, Origin},
};
use domain::{
    Cut, DocumentKind, FileName, LineClass, OrderLine, OrgId, Period, Report, RowCounts, SaleRow, SourceCell,
    StatedPeriod, UploadId, UploadMode,
};
use rust_decimal::Decimal;
use sqlx::PgPool;
use testkit::{Seeded, TestDatabase};
use tokio::sync::mpsc;

pub(crate) struct Books<'a> {
    pub(crate) database: &'a TestDatabase,
    pub(crate) seeded: Seeded,
}

/// One thing sold, in the fewest words that can differ.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Sold {
    /// 1..=12 in 2026.
    pub(crate) month: u32,
    pub(crate) product: String,
    pub(crate) quantity: i64,
}

pub(crate) fn sold(month: u32, product: &str, quantity: i64) -> Sold {
    Sold { month, product: product.to_owned(), quantity }
}

pub(crate) fn month(month: u32) -> Period {
    Period::month(2026, month).unwrap()
}

/// A day on which something is stated.
pub(crate) fn day(day: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + Duration::days(20_000 + day)
}

pub(crate) fn row(sold: &Sold) -> SaleRow {
    let quantity = Decimal::from(sold.quantity);
    SaleRow {
        cut: Cut::main(),
        period: month(sold.month),
        sale_date: None,
        store: Some("Flagship".to_owned()),
        store_kind: None,
        product_ean: None,
        product_match: None,
        printed_ean: None,
        product_codes: vec![sold.product.clone()],
        vendor_product_code: Some(sold.product.clone()),
        product_name: Some(format!("Tab\tand\\slash {}", sold.product)),
        quantity: Some(quantity),
        amount_local: Some(quantity * Decimal::new(1050, 2)),
        derived: None,
        currency: "GBP".parse().unwrap(),
        vat_included: Some(true),
        amount_eur: Some(quantity * Decimal::new(1200, 2)),
        rate: None,
        line_class: LineClass::Sale,
        country: None,
        city: None,
        order: None,
        source: SourceCell { sheet: Some("Sheet 1".to_owned()), row: 7, column: Some("M".to_owned()) },
    }
}

/// An order line that is keyed by its product: C is ordered alone, the others together and in two stores.
pub(crate) fn line(sold: &Sold) -> SaleRow {
    let order = OrderLine {
        order_id: if sold.product == "C" { "1002" } else { "1001" }.to_owned(),
        line_key: sold.product.clone(),
        is_gift: false,
        cost_of_goods: None,
        payment_fee: None,
        utm_source: None,
        utm_medium: None,
        utm_campaign: None,
        device: None,
        buyer: None,
    };
    SaleRow { order: Some(order), store: (sold.product != "B").then(|| "Web".to_owned()), ..row(sold) }
}

pub(crate) fn document(vendor: &str, kind: DocumentKind, periods: &[Period]) -> Report {
    let stated = |period: &Period| StatedPeriod {
        cut: Cut::main(),
        period: *period,
        currency: "GBP".parse().unwrap(),
        records: 0,
        quantity: Decimal::ZERO,
        amount_local: None,
    };
    Report {
        vendor: Some(vendor.to_owned()),
        vendor_name: None,
        vendor_confidence: 1.0,
        layout: Some(format!("{vendor}@1")),
        kind,
        rows: RowCounts::default(),
        periods: periods.iter().map(stated).collect(),
        controls: Vec::new(),
        rejects: Vec::new(),
        warnings: Vec::new(),
        questions: Vec::new(),
        proposal: None,
    }
}

impl<'a> Books<'a> {
    pub(crate) async fn new(database: &'a TestDatabase, slug: &str) -> Self {
        Self { database, seeded: database.seed(slug).await }
    }

    pub(crate) fn org(&self) -> OrgId {
        self.seeded.org
    }

    pub(crate) async fn system(&self) -> Tenant {
        self.database.app().system(self.org()).await.unwrap()
    }

    pub(crate) async fn announce(&self, stated_at: DateTime<Utc>, mode: UploadMode) -> UploadId {
        let id = UploadId::new();
        let new = NewUpload {
            id,
            file_name: FileName::lossy("report.csv"),
            size_bytes: 10,
            object_key: format!("drops/x/{id}"),
            mode,
            vendor_hint: None,
            origin: Origin::Drop { identity: id.to_string(), stated_at },
            request_id: None,
        };
        let mut tenant = self.system().await;
        uploads::insert(&mut tenant, &new).await.unwrap();
        tenant.commit().await.unwrap();
        id
    }

    /// Reads an announced upload: everything that `file-ingest` does after parsing.
    pub(crate) async fn ingest(
        &self,
        id: UploadId,
        sha256: &str,
        document: Report,
        rows: Vec<SaleRow>,
    ) -> Ended {
        let mut booking = self.system().await;
        assert!(uploads::lock(&mut booking, id).await.unwrap());
        let mut claiming = self.system().await;
        let Claim::Granted(upload) = uploads::claim(&mut claiming, id, Utc::now()).await.unwrap() else {
            panic!("not granted")
        };
        claiming.commit().await.unwrap();
        if let Some(first) = booking::open(&mut booking, id, sha256).await.unwrap() {
            let ended = booking::end_as_duplicate(&mut booking, &upload, sha256, first).await.unwrap();
            booking.commit().await.unwrap();
            return ended;
        }
        let (sender, receiver) = mpsc::channel(1);
        let (staged, statements) = tokio::join!(booking::stage(&mut booking, receiver), async move {
            let mut encoded = booking::Rows::new();
            for row in &rows {
                assert_eq!(encoded.push(row), None, "a test with so many rows");
            }
            let (chunk, statements) = encoded.finish();
            sender.send(chunk).await.unwrap();
            statements
        });
        staged.unwrap();
        booking::state(&mut booking, &statements).await.unwrap();
        let ended = booking::book(&mut booking, &upload, sha256, document).await.unwrap();
        booking.commit().await.unwrap();
        ended
    }

    /// Announces and reads a document in one go; its bytes are like no other's.
    pub(crate) async fn send(
        &self,
        stated_at: DateTime<Utc>,
        document: Report,
        rows: Vec<SaleRow>,
    ) -> UploadId {
        let id = self.announce(stated_at, UploadMode::Commit).await;
        self.ingest(id, &sha256(id), document, rows).await;
        id
    }

    /// Reads a file again that says this now. `false` when it cannot be replayed.
    pub(crate) async fn replay(&self, id: UploadId, (report, rows): (Report, Vec<SaleRow>)) -> bool {
        let mut tenant = self.system().await;
        let replayed = uploads::replay(&mut tenant, id).await.unwrap();
        tenant.commit().await.unwrap();
        if replayed {
            self.ingest(id, &sha256(id), report, rows).await;
        }
        replayed
    }

    pub(crate) async fn undo(&self, id: UploadId) -> Option<Undone> {
        let mut tenant = self.system().await;
        let undone = booking::undo(&mut tenant, id, self.seeded.owner).await.unwrap();
        tenant.commit().await.unwrap();
        undone
    }

    pub(crate) async fn upload(&self, id: UploadId) -> uploads::Upload {
        uploads::find(&mut self.system().await, id).await.unwrap().unwrap()
    }

    /// What counts, sorted.
    pub(crate) async fn sales(&self, vendor: &str) -> Vec<Sold> {
        let rows: Vec<(NaiveDate, String, Decimal)> = sqlx::query_as(
            "SELECT period_start, vendor_product_code, quantity FROM sales WHERE org_id = $1 AND vendor = $2
             ORDER BY 1, 2, 3",
        )
        .bind(self.org().0)
        .bind(vendor)
        .fetch_all(self.admin())
        .await
        .unwrap();
        rows.into_iter()
            .map(|(start, product, quantity)| Sold {
                month: chrono::Datelike::month(&start),
                product,
                quantity: quantity.try_into().unwrap(),
            })
            .collect()
    }

    /// Rows of the rollup, of its levels and of the counts of orders that differ from a full rebuild.
    pub(crate) async fn rollup_differences(&self) -> i64 {
        rollup_differences(self.admin(), self.org()).await
    }

    fn admin(&self) -> &PgPool {
        self.database.admin()
    }
}

/// Rows of the rollup, of its levels and of the counts of orders that differ from what the rows of `sales` add up to.
pub(crate) async fn rollup_differences(admin: &PgPool, org: OrgId) -> i64 {
    sqlx::query_scalar(include_str!("rollup_differences.sql")).bind(org.0).fetch_one(admin).await.unwrap()
}

/// 64 hex digits that no other upload has.
pub(crate) fn sha256(id: UploadId) -> String {
    id.0.simple().to_string().repeat(2)
}
