use super::*;

type Cells = Vec<Vec<Option<String>>>;

fn shown(answer: &str, shape: Shape) -> (Vec<(String, Kind)>, Cells) {
    let (columns, block) = of(answer, shape).unwrap();
    let columns = columns.into_iter().map(|column| (column.name.into_owned(), column.kind)).collect();
    let rows = block.iter().map(|row| row.map(|cell| cell.map(str::to_owned)).collect()).collect();
    (columns, rows)
}

fn some(texts: &[&str]) -> Vec<Option<String>> {
    texts.iter().map(|text| (!text.is_empty()).then(|| (*text).to_owned())).collect()
}

#[test]
fn members_of_members_become_columns_and_codes_stay_texts() {
    let answer = r#"{"data": [
        {"product": "0012345678905", "now": {"revenue_eur": "12.5", "orders": 2}, "change": {"orders": null, "units": {"absolute": "-1", "percent": null}}},
        {"product": null, "now": {"revenue_eur": null, "orders": null, "reasons": {"orders": {"code": "x"}}}, "contribution": "3.10"}
    ]}"#;
    let (columns, rows) = shown(answer, Shape::List("data"));
    let expected = [
        ("product", Kind::Text),
        ("now_revenue_eur", Kind::Money),
        ("now_orders", Kind::Integer),
        ("change_orders_absolute", Kind::Number),
        ("change_orders_percent", Kind::Number),
        ("change_units_absolute", Kind::Number),
        ("change_units_percent", Kind::Number),
        ("contribution", Kind::Number),
    ];
    assert_eq!(columns, expected.map(|(name, kind)| (name.to_owned(), kind)));
    assert_eq!(
        rows,
        [
            some(&["0012345678905", "12.50", "2", "", "", "-1", "", ""]),
            some(&["", "", "", "", "", "", "", "3.1"])
        ]
    );
}

#[test]
fn rows_say_which_list_or_item_they_stand_in() {
    let movers = r#"{"up": [{"store": "A"}], "down": [{"store": "B"}, {"store": "C"}]}"#;
    let (_, rows) = shown(movers, Shape::Lists { named: "direction", lists: &["up", "down"] });
    assert_eq!(rows, [some(&["up", "A"]), some(&["down", "B"]), some(&["down", "C"])]);

    let coverage = r#"{"data": [{"vendor": "boxnox", "rhythm": {"every": "month"}, "periods": [
        {"start": "2026-01-01", "state": "reported", "crosses_span": false, "statements": 2}
    ]}]}"#;
    let (columns, rows) = shown(coverage, Shape::Nested { outer: "data", inner: "periods" });
    assert_eq!(
        columns.iter().map(|(_, kind)| *kind).collect::<Vec<_>>(),
        [Kind::Text, Kind::Date, Kind::Text, Kind::Flag, Kind::Integer]
    );
    assert_eq!(rows, [some(&["boxnox", "2026-01-01", "reported", "false", "2"])]);
}

#[test]
fn an_empty_answer_is_an_empty_table() {
    let (columns, rows) = shown(r#"{"data": []}"#, Shape::List("data"));
    assert!(columns.is_empty() && rows.is_empty());
}
