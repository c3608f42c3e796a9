//! How an answer is drawn, by rules: lines over time, bars beside each other, nothing for one number.

use serde_json::{Value, json};

use crate::{
    Plan, Shape,
    table::{Kind, Table},
};

/// Bars that can be told apart.
const BARS_MAX: usize = 30;

/// A Vega-Lite specification whose data are the rows of the answer, by the names of their columns; `None` where a table says
/// more than a drawing.
#[must_use]
pub fn chart(plan: &Plan, table: &Table) -> Option<Value> {
    if table.rows.len() < 2
        || matches!(plan.shape, Shape::List | Shape::FirstSale | Shape::LastSale | Shape::NotSold)
    {
        return None;
    }
    let of = |kind: Kind| table.columns.iter().filter(move |column| column.kind == kind);
    let value = of(Kind::Decimal).next()?;
    let time = of(Kind::Date).next();
    let label =
        of(Kind::Text).find(|column| column.name.ends_with("_name")).or_else(|| of(Kind::Text).next());
    let y = json!({ "field": value.name, "type": "quantitative", "title": value.unit });
    let spec = match (time, label) {
        (Some(time), None) => json!({
            "mark": { "type": "line", "point": true },
            "encoding": { "x": { "field": time.name, "type": "temporal" }, "y": y },
        }),
        (Some(time), Some(label)) => json!({
            "mark": { "type": "line", "point": true },
            "encoding": {
                "x": { "field": time.name, "type": "temporal" }, "y": y,
                "color": { "field": label.name, "type": "nominal" },
            },
        }),
        (None, Some(label)) if table.rows.len() <= BARS_MAX => json!({
            "mark": "bar",
            "encoding": { "y": { "field": label.name, "type": "nominal", "sort": null }, "x": y },
        }),
        _ => return None,
    };
    let mut spec = spec;
    spec["$schema"] = json!("https://vega.github.io/schema/vega-lite/v5.json");
    spec["data"] = json!({ "name": "rows" });
    Some(spec)
}
