use data::Caller;
use domain::metrics::Step;
use reporting::document::{Figure, Table};
use rust_decimal::Decimal;
use sqlx::AssertSqlSafe;
use testkit::{Seeded, TestDatabase};

use super::*;

struct Books {
    database: TestDatabase,
    seeded: Seeded,
}

impl Books {
    async fn new() -> Self {
        let database = TestDatabase::new().await;
        let seeded = database.seed("aveline").await;
        let statement = include_str!("tests/books.sql").replace("{org}", &seeded.org.to_string());
        sqlx::raw_sql(AssertSqlSafe(statement)).execute(database.admin()).await.unwrap();
        database.sum_up(seeded.org).await;
        Self { database, seeded }
    }

    async fn tenant(&self) -> Tenant {
        let caller = Caller { org: self.seeded.org, subject: self.seeded.owner.0 };
        self.database.app().tenant(caller).await.unwrap()
    }

    async fn content(&self, kind: ReportKind, scope: &Scope) -> Content {
        content(&mut self.tenant().await, kind, scope).await.unwrap()
    }

    /// A figure added up from the rows themselves.
    async fn sum(&self, expression: &str, condition: &str) -> Decimal {
        let statement =
            format!("SELECT coalesce({expression}, 0) FROM sales WHERE org_id = $1 AND {condition}");
        let query = sqlx::query_scalar(AssertSqlSafe(statement)).bind(self.seeded.org.0);
        query.fetch_one(self.database.admin()).await.unwrap()
    }
}

fn scope(from: &str, to: &str) -> Scope {
    let span = Span { from: from.parse().unwrap(), to: to.parse().unwrap() };
    Scope {
        span,
        before: span.before().unwrap(),
        last_year: span.year_before().unwrap(),
        filters: Vec::new(),
        analysis: None,
        upload: None,
        locale: Locale::English,
        vendors: BTreeMap::from([("liberty".to_owned(), "Liberty".to_owned())]),
        shows_costs: true,
    }
}

fn january() -> Scope {
    scope("2026-01-01", "2026-01-31")
}

fn blocks<'a>(content: &'a Content, section: &str) -> &'a [Block] {
    let found = content.sections.iter().find(|(head, _)| head.title == section);
    &found.unwrap_or_else(|| panic!("no section {section}")).1
}

fn tables(blocks: &[Block]) -> Vec<&Table> {
    let tables = blocks.iter().filter_map(|block| match block {
        Block::Table(table) => Some(table),
        _ => None,
    });
    tables.collect()
}

fn column(table: &Table, title: &str) -> Vec<Option<String>> {
    let place = table.head.columns.iter().position(|column| column.title == title);
    let place = place.unwrap_or_else(|| panic!("no column {title}"));
    table.rows.column(place).map(|cell| cell.map(str::to_owned)).collect()
}

fn added_up(table: &Table, title: &str) -> Decimal {
    column(table, title).into_iter().flatten().filter_map(|cell| cell.parse::<Decimal>().ok()).sum()
}

fn texts(content: &Content) -> String {
    format!("{content:?}")
}

#[tokio::test]
async fn key_figures_are_those_of_the_rows_and_their_changes_too() {
    let books = Books::new().await;
    let content = books.content(ReportKind::SalesSummary, &january()).await;
    let [Block::Cards(cards), ..] = blocks(&content, "Key figures") else { panic!("no cards") };
    let january = "counts_on BETWEEN '2026-01-01' AND '2026-01-31'";
    let revenue = books.sum("sum(amount_eur)", january).await;
    let before = books.sum("sum(amount_eur)", "counts_on BETWEEN '2025-12-01' AND '2025-12-31'").await;
    let last_year = books.sum("sum(amount_eur)", "counts_on BETWEEN '2025-01-01' AND '2025-01-31'").await;
    assert_eq!(cards[0].title, "Revenue");
    assert_eq!(cards[0].value, Figure::Known(revenue.round_dp(2)));
    let changes: Vec<_> = cards[0].changes.iter().map(|change| change.percent.known().unwrap()).collect();
    let expected =
        [before, last_year].map(|then| Step::new(then.round_dp(2), revenue.round_dp(2)).percent.unwrap());
    assert_eq!(changes, expected);
    let units = books.sum("sum(quantity)", january).await;
    assert_eq!((cards[1].title.as_str(), cards[1].value.known()), ("Units", Some(units)));
    assert_eq!(cards[0].trend.len(), 13);
    assert_eq!(cards[0].trend[12].unwrap(), revenue.round_dp(2));
}

#[tokio::test]
async fn every_breakdown_adds_up_to_the_whole() {
    let books = Books::new().await;
    let whole = books.sum("sum(amount_eur)", "counts_on BETWEEN '2026-01-01' AND '2026-01-31'").await;
    let summary = books.content(ReportKind::SalesSummary, &january()).await;
    let mix = tables(blocks(&summary, "Channels and vendors"));
    assert_eq!(mix.len(), 3);
    for table in &mix {
        assert_eq!(added_up(table, "Revenue"), whole, "{:?}", table.head.title);
        assert_eq!(added_up(table, "Share").round_dp(6), Decimal::ONE_HUNDRED);
    }
    let products = books.content(ReportKind::ProductPerformance, &january()).await;
    assert_eq!(added_up(tables(blocks(&products, "Products"))[0], "Revenue"), whole);
    let categories = blocks(&products, "Categories");
    tables(categories).iter().for_each(|table| assert_eq!(added_up(table, "Revenue"), whole));
}

#[tokio::test]
async fn what_is_missing_is_named_wherever_figures_are_shown() {
    let books = Books::new().await;
    let february = scope("2026-02-01", "2026-02-28");
    for kind in [ReportKind::SalesSummary, ReportKind::VendorScorecard, ReportKind::ProductPerformance] {
        let content = books.content(kind, &february).await;
        let coverage = tables(blocks(&content, "Coverage"));
        let said: Vec<_> = column(coverage[0], "Vendor").into_iter().flatten().collect();
        assert_eq!(said, ["Liberty", "galilu"], "{kind:?}");
        let why: Vec<_> = column(coverage[0], "What").into_iter().flatten().collect();
        assert!(
            why[0].starts_with("Not reported") && why[1].contains("PLN are in no sum in euro"),
            "{why:?}"
        );
    }
    let january = books.content(ReportKind::SalesSummary, &january()).await;
    assert!(texts(&january).contains("Every period that was due has been reported"));
}

#[tokio::test]
async fn like_for_like_leaves_out_who_did_not_report() {
    let books = Books::new().await;
    let content = books.content(ReportKind::SalesSummary, &scope("2026-02-01", "2026-02-28")).await;
    let said = blocks(&content, "Key figures").iter().find_map(|block| match block {
        Block::Paragraph(text) => Some(text.as_str()),
        _ => None,
    });
    assert!(said.unwrap().contains("for missing reports"), "{said:?}");
    assert!(said.unwrap().contains("Liberty"), "{said:?}");
}

#[tokio::test]
async fn costs_are_shown_to_whom_may_see_them_only() {
    let books = Books::new().await;
    let shown = books.content(ReportKind::ProductPerformance, &january()).await;
    assert!(texts(&shown).contains("Gross profit"));
    let hidden = Scope { shows_costs: false, ..january() };
    for kind in [ReportKind::SalesSummary, ReportKind::VendorScorecard, ReportKind::ProductPerformance] {
        let said = texts(&books.content(kind, &hidden).await);
        assert!(!said.contains("Gross profit") && !said.contains("Margin"), "{kind:?}");
    }
    let analysis = Some(Analysis::of(&[Metric::Margin]));
    let scope = Scope { analysis, ..hidden };
    let refused = content(&mut books.tenant().await, ReportKind::Custom, &scope).await;
    assert!(matches!(refused, Err(Fault::Ends(finding)) if finding.code == "forbidden"));
}

#[tokio::test]
async fn a_report_about_nothing_says_so() {
    let books = Books::new().await;
    let empty = scope("2019-01-01", "2019-01-31");
    for kind in [
        ReportKind::SalesSummary,
        ReportKind::VendorScorecard,
        ReportKind::ProductPerformance,
        ReportKind::DataQuality,
    ] {
        let content = books.content(kind, &empty).await;
        assert!(content.empty.is_some(), "{kind:?}");
    }
}

#[tokio::test]
async fn a_custom_report_shows_the_groups_asked_for() {
    let books = Books::new().await;
    let asked = Analysis::of(&[Metric::RevenueEur, Metric::Units]).by(&[Dimension::Vendor]);
    let content = books.content(ReportKind::Custom, &Scope { analysis: Some(asked), ..january() }).await;
    let table = tables(blocks(&content, "Figures"))[0];
    let whole = books.sum("sum(amount_eur)", "counts_on BETWEEN '2026-01-01' AND '2026-01-31'").await;
    assert_eq!(added_up(table, "Revenue"), whole);
    assert_eq!(column(table, "vendor_name").len(), 4);
}

#[tokio::test]
async fn the_scorecard_tells_how_vendors_report() {
    let books = Books::new().await;
    let content = books.content(ReportKind::VendorScorecard, &scope("2025-12-01", "2026-02-28")).await;
    let [sales, reporting] = tables(blocks(&content, "All vendors"))[..] else { panic!("two tables") };
    assert_eq!(column(sales, "Vendor").len(), 4);
    let place =
        column(reporting, "Vendor").iter().position(|vendor| vendor.as_deref() == Some("Liberty")).unwrap();
    assert_eq!(column(reporting, "Missing")[place].as_deref(), Some("1"));
    assert_eq!(column(reporting, "Periods reported")[place].as_deref(), Some("2"));
    assert!(content.sections.iter().any(|(section, _)| section.title == "Galilu Łódź"));
}

#[tokio::test]
async fn the_quality_report_lists_the_files_of_its_days() {
    let books = Books::new().await;
    let content = books.content(ReportKind::DataQuality, &scope("2026-02-01", "2026-02-28")).await;
    let files = tables(blocks(&content, "Files"))[0];
    assert_eq!(column(files, "File").len(), 4);
    assert!(texts(&content).contains("print no total to prove them against"));
}

#[tokio::test]
async fn a_list_of_transactions_has_every_row_and_their_sum() {
    let books = Books::new().await;
    let scope = scope("2025-01-01", "2026-01-31");
    let head = reporting::document::Head::new("Transactions", "2025", "Aveline", chrono::Utc::now());
    let mut writer = reporting::ReportWriter::csv(head).unwrap();
    write_transactions(&mut books.tenant().await, &scope, &mut writer).await.unwrap();
    let text = std::io::read_to_string(writer.finish().unwrap().file).unwrap();
    let days = "counts_on BETWEEN '2025-01-01' AND '2026-01-31'";
    let mut rows = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let rows: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
    assert_eq!(Decimal::from(rows.len()), books.sum("count(*)::numeric", days).await);
    let total: Decimal = rows.iter().filter_map(|row| row.get(11)?.parse::<Decimal>().ok()).sum();
    assert_eq!(total, books.sum("sum(amount_eur)", days).await);
}

#[test]
fn days_are_said_as_months_where_they_are() {
    let said = |from: &str, to: &str| in_words(scope(from, to).span, Locale::German);
    assert_eq!(said("2026-01-01", "2026-01-31"), "January 2026");
    assert_eq!(said("2026-01-01", "2026-03-31"), "January to March 2026");
    assert_eq!(said("2025-11-01", "2026-01-31"), "November 2025 to January 2026");
    assert_eq!(said("2024-01-01", "2024-12-31"), "2024");
    assert_eq!(said("2026-01-05", "2026-01-11"), "05.01.2026 to 11.01.2026");
    assert_eq!(said("2026-01-05", "2026-01-05"), "05.01.2026");
}
