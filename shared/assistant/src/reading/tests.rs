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
        ("compare this october to last october", "2025-10-01 2025-10-31 | 2024-10-01 2024-10-31"),
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

/// What a plan is in words.
fn words(question: &str) -> String {
    crate::describe(&plan(question), &knowledge())
}

/// What the last of several questions, asked one after the other, is read as.
fn dialogue(questions: &[&str]) -> String {
    let mut memory = Memory::default();
    for question in questions {
        match ask(question, &memory) {
            Reading::Answerable(plan) => memory = Memory { plan: Some(*plan), ..Memory::default() },
            other => panic!("{question}: {other:?}"),
        }
    }
    crate::describe(&memory.plan.unwrap(), &knowledge())
}

fn asks_back(question: &str) -> bool {
    matches!(ask(question, &Memory::default()), Reading::Clarify { .. })
}

#[test]
fn what_is_left_out_ends_where_something_else_begins() {
    for (question, read) in [
        ("units without testers at Liberty", ", without line class tester, for vendor Liberty,"),
        (
            "sales excluding Liberty and Galilu in Poland",
            ", without vendor Liberty, Galilu, for country Poland,",
        ),
        ("sales except for the retailer Liberty", ", without vendor Liberty,"),
        ("sales ex Liberty", ", without vendor Liberty,"),
        ("non-UK sales", ", without country United Kingdom,"),
    ] {
        assert!(words(question).contains(read), "{question}: {}", words(question));
    }
    assert!(asks_back("sales without Liberty candles"));
}

#[test]
fn bounds_are_bounds_of_what_is_named() {
    for (question, read) in [
        ("products with a return rate above 5%", "where return rate is above 5,"),
        (
            "Which products stayed under 500 euro in October?",
            "Revenue by product, highest first, where revenue is below 500,",
        ),
        ("retailers above 10k in October", "Revenue by vendor, highest first"),
        ("any retailer below 5k in September?", "Revenue by vendor, highest first"),
        ("months where Liberty sold more than 10,000", "Revenue by month, for vendor Liberty"),
    ] {
        assert!(
            words(question).starts_with(read) || words(question).contains(read),
            "{question}: {}",
            words(question)
        );
    }
    for question in
        ["months above 40.000 euro", "products above 5 percent", "products that sold more than last year"]
    {
        assert!(asks_back(question), "{question}");
    }
}

#[test]
fn the_end_and_the_number_of_a_ranking_are_as_asked() {
    for (question, read) in [
        ("which retailer is the smallest by turnover", "Revenue by vendor, the 1 lowest by revenue,"),
        ("Which retailer sold the most?", "Revenue by vendor, the 10 highest by revenue,"),
        ("best seller at every retailer", "The 1 product with the highest Revenue for each vendor,"),
        ("best selling candle", "Revenue by product, the 1 highest by revenue,"),
        ("retailers ranked by revenue", "Revenue by vendor, highest first,"),
        ("sales and units by product sorted by units", "Revenue and Units by product, highest first"),
        (
            "revenue and units of the products with the most units",
            "Revenue and Units by product, the 10 highest by units,",
        ),
    ] {
        assert!(words(question).starts_with(read), "{question}: {}", words(question));
    }
    assert_eq!(
        plan("sales and units by product sorted by units").analysis.order,
        Order::Highest(Metric::Units)
    );
    assert!(asks_back("top 3 and bottom 3 products"));
}

#[test]
fn what_moved_needs_two_times_and_several_things() {
    assert_eq!(days("are sales up this month"), "2025-11-01 2025-11-30 | 2025-10-01 2025-10-31");
    assert_eq!(days("was 2024 better than 2023?"), "2024-01-01 2024-12-31 | 2023-01-01 2023-12-31");
    for question in
        ["growth vs last year", "which products lost the most vs last year", "biggest winners last month"]
    {
        assert!(asks_back(question), "{question}");
    }
    assert!(words("did sales fall last year").contains("2024"));
}

#[test]
fn a_share_is_the_part_of_what_is_named() {
    for (question, read) in [
        ("how much of our business is online", "The share of channel online in Revenue,"),
        (
            "what share of Liberty's sales is Velvet Piano",
            "The share of product AVVP100 in Revenue, for vendor Liberty,",
        ),
        ("how much of AVMM100 did we sell", "Revenue, for product AVMM100,"),
    ] {
        assert!(words(question).starts_with(read), "{question}: {}", words(question));
    }
    assert!(asks_back("share of online sales in Q3 vs Q2"));
    assert!(asks_back("compare average monthly sales 2024 vs 2023"));
}

#[test]
fn codes_say_enough_and_fragments_are_found() {
    for question in ["9529843000349", "AVMM100", "EAN 9529843000349 in 2024"] {
        assert!(words(question).starts_with("Revenue and Units, for product AVMM100,"), "{question}");
    }
    assert!(words("sales of 843000349").contains("for product AVMM100,"));
    for question in ["Liberty", "2025", "key accounts", "4006381333931"] {
        assert!(asks_back(question), "{question}");
    }
}

#[test]
fn words_that_look_like_others_are_told_apart() {
    for (question, read) in [
        ("GB orders please", "Orders, for country United Kingdom,"),
        ("sales in uk and poland", "Revenue, for country United Kingdom, Poland,"),
        ("sell-through at Liberty", "Sell-through, for vendor Liberty,"),
        ("How did Liberty do in October?", "Revenue, for vendor Liberty, October 2025"),
        ("what did we sell through Liberty", "Revenue, for vendor Liberty,"),
        (
            "which products launched in 2024",
            "Every product that sold for the first time in the days named, 2024",
        ),
        ("when was the last order", "The last sale, for channel online,"),
        ("what is selling at Liberty", "Revenue by product, highest first, for vendor Liberty,"),
    ] {
        assert!(words(question).starts_with(read), "{question}: {}", words(question));
    }
    for question in ["what did Liberty order in October", "how many units were returned", "sales by"] {
        assert!(asks_back(question), "{question}");
    }
    assert!(matches!(ask("sell-in at Liberty", &Memory::default()), Reading::Refused { .. }));
}

#[test]
fn what_goes_on_keeps_what_it_is_about() {
    for (questions, read) in [
        (&["revenue by country in 2024", "sort by units"][..], "Units by country, highest first, 2024"),
        (&["best month of 2024", "and the worst?"], "Revenue by month, the 1 lowest by revenue, 2024"),
        (
            &["best month of 2024", "how many units was that?"],
            "Units and Revenue by month, the 1 highest by revenue,",
        ),
        (&["Compare Liberty and Galilu in 2024", "by month"], "Revenue by month and vendor,"),
        (
            &["average monthly sales in 2024", "per retailer"],
            "The average of Revenue per month with sales for each vendor,",
        ),
        (
            &["which products declined in Q3", "and which grew?"],
            "Revenue by product where it rose against Q2 2025,",
        ),
        (&["sales in Q3 vs Q2", "as a trend"], "Revenue by month, compared with Q2 2025,"),
        (&["monthly sales in 2025 in Poland", "all countries"], "Revenue by month, 2025"),
        (
            &["Galilu units in 2024", "and the year before?", "as a percentage of total"],
            "The share of vendor Galilu in Units, 2024",
        ),
    ] {
        let said = dialogue(questions);
        assert!(said.starts_with(read), "{questions:?}: {said}");
    }
}

#[test]
fn an_answer_is_not_given_twice() {
    let memory = Memory { plan: Some(plan("sales by product in 2024")), ..Memory::default() };
    for question in ["thanks", "more", "and in total?"] {
        assert!(matches!(ask(question, &memory), Reading::Clarify { .. }), "{question}");
    }
}

#[test]
fn counts_and_parts_are_of_each_group_that_is_named() {
    for (question, read) in [
        (
            "number of retailers by country",
            "The number of different vendor values with sales for each country,",
        ),
        (
            "how many months were above 50k",
            "The number of different month values with sales, where revenue is above 50000,",
        ),
        (
            "how many stores stopped selling in 2025",
            "Every store that sold before but not in the days named,",
        ),
        (
            "the revenue split between Liberty and Galilu",
            "Revenue by vendor, highest first, for vendor Liberty, Galilu,",
        ),
        ("pareto of retailers", "Revenue by vendor, highest first, with the running share"),
        ("list all products with revenue in 2024", "Revenue by product, highest first, 2024"),
        ("retailers growing in Q3", "Revenue by vendor where it rose against Q2 2025,"),
        ("has the price of Marble Market changed", "Average price by month, for product AVMM30, AVMM100,"),
        (
            "which stores sold no candles in October",
            "Every store that sold before but not in the days named,",
        ),
        ("YTD growth", "Revenue, compared with 2024-01-01 to 2024-11-21,"),
        ("retailers with sales between 10k and 50k in 2024", "Revenue by vendor,"),
        (
            "how many stores sold more than 5 Velvet Piano",
            "The number of different store values with sales, for product AVVP100, where units is above 5,",
        ),
        (
            "average order value by country above 100 euro",
            "Average order value by country, highest first, where average order value is above 100,",
        ),
        ("top retailers by growth in 2024", "Revenue by vendor where it rose against 2023,"),
        (
            "retailers with no Velvet Piano sales in Q3",
            "Every vendor that sold before but not in the days named,",
        ),
    ] {
        assert!(words(question).starts_with(read), "{question}: {}", words(question));
    }
    let plan = plan("top 5 products in 2024 vs 2023");
    assert_eq!((plan.analysis.limit, plan.analysis.order), (Some(5), Order::Highest(Metric::RevenueEur)));
}

#[test]
fn what_cannot_be_told_is_asked_about() {
    for question in [
        "sales including testers",
        "when did we sell the most",
        "when did Liberty sell Marble Market",
        "is Liberty our biggest retailer",
        "what sold at Liberty but not at Galilu",
        "retailers that grew by more than 10k in Q3",
        "worst return rate",
        "sales recently",
        "sales in recent months",
        "cumulative revenue 2025",
        "how did our top 5 products develop in 2025",
        "percentage of revenue from candles per retailer",
        "all retailers combined",
        "cheapest product",
        "in-store vs online in 2024",
        "team sales",
        "which retailers stayed below 5,000 euros in every month of 2025",
        "stores with more than 50 in October",
    ] {
        assert!(asks_back(question), "{question}");
    }
}
