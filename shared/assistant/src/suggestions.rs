//! Questions that fit what is booked.

use domain::metrics::Dimension;

use crate::Knowledge;

/// Questions that can be answered from these books.
#[must_use]
pub fn suggestions(knowledge: &Knowledge) -> Vec<String> {
    let mut questions = vec![
        "What were total sales last month?".to_owned(),
        "Top 10 products by revenue this year".to_owned(),
        "Show me the sales trend over the last 12 months".to_owned(),
        "How do this year's sales compare to last year?".to_owned(),
    ];
    if let Some(name) = knowledge.vendors.values().next() {
        questions.push(format!("How much did {name} sell last quarter?"));
    }
    let product =
        knowledge.products.values().find_map(|product| product.sku.clone().or_else(|| product.name.clone()));
    if let Some(product) = product {
        questions.push(format!("Which resellers sold the most of {product}?"));
    }
    if let Some(country) = knowledge.values.get(&Dimension::Country).and_then(|values| values.first()) {
        questions.push(format!("What sold best in {}?", knowledge.label(Dimension::Country, country)));
    }
    if knowledge.values.contains_key(&Dimension::UtmSource) {
        questions.push("Which marketing channel brings the most revenue?".to_owned());
    }
    questions
}
