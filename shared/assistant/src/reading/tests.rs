use domain::metrics::{Metric, Order};

use super::*;
use crate::{Calendar, Shape, entities::tests::knowledge};

fn ask(question: &str, memory: &Memory) -> Reading {
    let knowledge = knowledge();
    let calendar = Calendar { today: "2025-11-21".parse().unwrap(), fiscal_year_begins: 1 };
    read(question, World { knowledge: &knowledge, calendar }, memory)
}

fn plan(question: &str) -> Plan {
    match ask(question, &Memory::default()) {
        Reading::Answerable(plan) => *plan,
        other => panic!("{question}: {other:?}"),
    }
}

#[test]
fn a_total_of_a_month_is_read() {
    let plan = plan("What were total sales in March 2025?");
    assert_eq!(plan.analysis.metrics, [Metric::RevenueEur]);
    assert_eq!(plan.analysis.from.unwrap().to_string(), "2025-03-01");
    assert_eq!((plan.analysis.by.len(), plan.shape), (0, Shape::Figures));
}

#[test]
fn rankings_groups_and_filters_are_read() {
    let plan = plan("top 3 products by units at Liberty except 100 ml in 2025");
    assert_eq!(plan.analysis.order, Order::Highest(Metric::Units));
    assert_eq!((plan.analysis.limit, &plan.analysis.by[..]), (Some(3), &[Dimension::Product][..]));
    assert_eq!(plan.analysis.filters.len(), 2);
    assert!(plan.analysis.filters[1].excluded);
}

#[test]
fn a_word_that_nothing_explains_is_asked_about() {
    for question in [
        "sales of Product Zyx",
        "revenue by flurb",
        "sales in the Southeast",
        "Which customers are at risk of churning?",
    ] {
        assert!(!matches!(ask(question, &Memory::default()), Reading::Answerable(_)), "{question}");
    }
}

/// The days of a plan and, where they are compared, the other ones.
fn days(question: &str) -> String {
    let plan = plan(question);
    let days = |day: Option<chrono::NaiveDate>| day.map_or_else(String::new, |day| day.to_string());
    let own = format!("{} {}", days(plan.analysis.from), days(plan.analysis.to));
    match plan.shape {
        Shape::Compare { with, .. } => format!("{own} | {} {}", with.from, with.to),
        _ => own,
    }
}

#[test]
fn times_beside_each_other_share_a_year() {
    for (question, read) in [
        ("H1 vs H2 2024", "2024-07-01 2024-12-31 | 2024-01-01 2024-06-30"),
        ("sales in Q3 and Q4 2024", "2024-07-01 2024-12-31"),
        ("Q4 2024 vs Q3", "2024-10-01 2024-12-31 | 2024-07-01 2024-09-30"),
        ("October vs October last year", "2025-10-01 2025-10-31 | 2024-10-01 2024-10-31"),
        ("last year's Q4 sales", "2024-10-01 2024-12-31"),
        ("sales Jan-Mar 2025", "2025-01-01 2025-03-31"),
        ("sales Sep '25", "2025-09-01 2025-09-30"),
        ("units in weeks 10-13 of 2025", "2025-03-03 2025-03-30"),
        ("sales this week vs same week last year", "2025-11-17 2025-11-23 | 2024-11-18 2024-11-24"),
        ("last spring vs this spring", "2025-03-01 2025-05-31 | 2024-03-01 2024-05-31"),
        ("monthly sales 2024 and 2025", "2024-01-01 2025-12-31"),
        ("octobr sales", "2025-10-01 2025-10-31"),
    ] {
        assert_eq!(days(question), read, "{question}");
    }
}

#[test]
fn a_time_of_two_readings_is_asked_about() {
    for question in
        ["sales Jan 24", "how did October compare to December 2024", "the last week of September 2025"]
    {
        assert!(matches!(ask(question, &Memory::default()), Reading::Clarify { .. }), "{question}");
    }
}
