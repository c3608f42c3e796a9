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
