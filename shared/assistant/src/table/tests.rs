use domain::metrics::{Analysis, Dimension, Group, Metric, Span, Sums};

use super::*;
use crate::{Shape, entities::tests::knowledge};

fn group(key: &str, euro: i64, first: Option<&str>) -> Group {
    let first = first.map(|day| day.parse().unwrap());
    let sums = Sums { records: 1, euro: euro.into(), with_euro: 1, first, ..Sums::default() };
    Group { key: vec![Some(key.to_owned())], sums }
}

fn texts(table: &Table) -> Vec<Vec<String>> {
    let text = |cell: &Cell| match cell {
        Cell::Text(text) => text.clone(),
        Cell::Number(number) => number.normalize().to_string(),
        Cell::Nothing => "-".to_owned(),
    };
    table.rows.iter().map(|row| row.iter().map(text).collect()).collect()
}

fn by(dimension: Dimension, from: &str, to: &str, shape: Shape) -> Plan {
    let analysis = Analysis::of(&[Metric::RevenueEur]).by(&[dimension]);
    let analysis = analysis.within(from.parse().unwrap(), to.parse().unwrap());
    Plan { shape, ..Plan::figures(analysis) }
}

#[test]
fn months_of_two_years_stand_beside_each_other() {
    let with = Span { from: "2024-01-01".parse().unwrap(), to: "2024-12-31".parse().unwrap() };
    let shape = Shape::Compare { with, named: "2024".to_owned() };
    let plan = by(Dimension::Month, "2025-01-01", "2025-12-31", shape);
    let computed = [vec![group("2025-03-01", 30, None)], vec![group("2024-03-01", 20, None)]];
    let table = tabulate(&plan, &computed.into(), &knowledge());
    assert_eq!(texts(&table), [["2025-03-01", "30", "20", "10", "50"]]);
}

#[test]
fn weeks_are_beside_the_weeks_of_their_place() {
    let with = Span { from: "2024-11-18".parse().unwrap(), to: "2024-11-24".parse().unwrap() };
    let shape = Shape::Compare { with, named: "last year".to_owned() };
    let plan = by(Dimension::Week, "2025-11-17", "2025-11-23", shape);
    let computed = [vec![group("2025-11-17", 5, None)], vec![group("2024-11-18", 4, None)]];
    let table = tabulate(&plan, &computed.into(), &knowledge());
    assert_eq!(texts(&table), [["2025-11-17", "5", "4", "1", "25"]]);
}

#[test]
fn the_first_sale_is_the_first_one_ever() {
    let plan = by(Dimension::Store, "2024-01-01", "2024-12-31", Shape::FirstSale);
    assert_eq!(plan.analyses()[0].from, None);
    let groups = vec![group("Old", 1, Some("2022-05-01")), group("New", 1, Some("2024-05-01"))];
    let table = tabulate(&plan, &vec![groups], &knowledge());
    assert_eq!(texts(&table), [["New", "2024-05-01"]]);
}

#[test]
fn what_is_counted_is_counted_for_each_group() {
    let mut plan = by(Dimension::Country, "2024-01-01", "2024-12-31", Shape::Count);
    plan.analysis.by.push(Dimension::Store);
    let store = |country: &str, store: &str| Group {
        key: vec![Some(country.to_owned()), Some(store.to_owned())],
        ..group("", 1, None)
    };
    let groups = vec![store("GB", "Flagship"), store("GB", "London"), store("PL", "Mokotowska")];
    let table = tabulate(&plan, &vec![groups], &knowledge());
    assert_eq!(texts(&table), [["GB", "2"], ["PL", "1"]]);
    assert_eq!(table.columns[1].name, "store_count");
}
