use crate::{anomalies, books::Books, compare, contribution, coverage, forecast, summary, top_movers};

/// The file of a route, as CSV: its header and its rows.
macro_rules! file {
    ($books:expr, $route:ident, $query:literal) => {{
        let path = format!("/v1/analytics/{}?{}&format=csv", stringify!($route).replace('_', "-"), $query);
        let answer = $books.ask($route::handle, "analyst", &path).await;
        let text = String::from_utf8(answer.body().to_vec()).unwrap();
        assert_eq!(answer.status, 200, "{path}: {text}");
        let mut lines = text.trim_start_matches('\u{feff}').lines().map(str::to_owned);
        (lines.next().unwrap_or_default(), lines.collect::<Vec<String>>())
    }};
}

const FEBRUARY: &str = "from=2026-02-01&to=2026-02-28";

#[tokio::test]
async fn every_analysis_is_a_file_as_well() {
    let books = Books::new().await;
    let files = [
        file!(books, summary, "from=2026-02-01&to=2026-02-28"),
        file!(books, compare, "from=2026-02-01&to=2026-02-28&by=vendor"),
        file!(books, contribution, "from=2026-02-01&to=2026-02-28&by=vendor,store"),
        file!(books, top_movers, "from=2026-02-01&to=2026-02-28&by=store"),
        file!(books, forecast, "interval=month"),
        file!(books, anomalies, "by=vendor"),
        file!(books, coverage, "from=2026-02-01&to=2026-02-28"),
    ];
    insta::assert_json_snapshot!(files);
}

#[tokio::test]
async fn a_file_has_the_figures_of_the_answer_and_leaves_no_row_out() {
    let books = Books::new().await;
    let uri = format!("/v1/analytics/top-movers?{FEBRUARY}&by=store&limit=1");
    let answer = books.ask(top_movers::handle, "analyst", &uri).await.json();
    assert_eq!(answer["up"].as_array().unwrap().len(), 1);
    // A limit is one of the answer's, not of the file's.
    let (header, rows) = file!(books, top_movers, "from=2026-02-01&to=2026-02-28&by=store&limit=1");
    assert_eq!(rows.len(), 3, "{rows:?}");
    let step = header.split(',').position(|column| column == "change_revenue_eur_absolute").unwrap();
    let steps: Vec<&str> = rows.iter().map(|row| row.split(',').nth(step).unwrap()).collect();
    assert_eq!(steps, ["300", "100", "-250"]);
}

#[tokio::test]
async fn what_cannot_be_a_file_is_refused() {
    let books = Books::new().await;
    for (query, status) in [
        ("format=parquet", 422),
        ("format=pdf", 400),
        ("format=", 200),
        ("locale=de", 400),
        ("format=jsonl&locale=de", 400),
        ("format=csv&locale=de", 200),
        ("format=csv&nonsense=1", 400),
    ] {
        let path = format!("/v1/analytics/compare?{FEBRUARY}&by=vendor&{query}");
        let answer = books.ask(compare::handle, "viewer", &path).await;
        assert_eq!(answer.status, status, "{query}: {}", String::from_utf8_lossy(answer.body()));
    }
}
