//! Key figures and charts as the tables that they are made of.

use domain::table::{Block as Rows, Column, Kind};
use rust_decimal::Decimal;

use crate::document::{Card, Chart, Figure, Unit};

/// A row a comparison; one for a figure without any.
pub(super) fn cards(cards: &[Card]) -> (Vec<Column>, Rows) {
    let columns = vec![
        Column::new("Figure", Kind::Text),
        Column::new("Unit", Kind::Text),
        Column::new("Value", Kind::Number),
        Column::new("Compared", Kind::Text),
        Column::new("Change in % or points", Kind::Number),
        Column::new("Value compared with", Kind::Number),
    ];
    let mut rows = Rows::new(columns.len());
    for card in cards {
        let mut push = |against: Option<&str>, percent: Option<&Figure>, base: Option<Decimal>| {
            rows.push(Kind::Text, Some(&card.title));
            rows.push(Kind::Text, Some(&unit(card.unit)));
            figure(&mut rows, Some(&card.value));
            rows.push(Kind::Text, against);
            figure(&mut rows, percent);
            rows.push(Kind::Number, base.map(|base| base.to_string()).as_deref());
        };
        for change in &card.changes {
            push(Some(&change.against), Some(&change.percent), change.base);
        }
        if card.changes.is_empty() {
            push(None, None, None);
        }
    }
    (columns, rows)
}

/// A row a category, a column a series.
pub(super) fn chart(chart: &Chart) -> (Vec<Column>, Rows) {
    let series =
        chart.series.iter().map(|series| Column { name: series.name.clone().into(), kind: Kind::Number });
    let columns: Vec<_> = std::iter::once(Column::new("", Kind::Text)).chain(series).collect();
    let mut rows = Rows::new(columns.len());
    for (place, name) in chart.categories.iter().enumerate() {
        rows.push(Kind::Text, Some(name));
        for series in &chart.series {
            let value = series.values.get(place).copied().flatten();
            rows.push(Kind::Number, value.map(|value| value.to_string()).as_deref());
        }
    }
    (columns, rows)
}

fn figure(rows: &mut Rows, figure: Option<&Figure>) {
    match figure {
        Some(Figure::Known(value)) => rows.push(Kind::Number, Some(&value.to_string())),
        Some(Figure::Missing(why)) => rows.push(Kind::Text, Some(why)),
        None => rows.push(Kind::Number, None),
    }
}

fn unit(unit: Unit) -> String {
    match unit {
        Unit::Money(currency) => currency.to_string(),
        Unit::Percent => "%".to_owned(),
        Unit::Integer | Unit::Decimal(_) => String::new(),
    }
}
