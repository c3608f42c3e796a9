//! One damaged cell: its row may be rejected, the file may be held, but no other row changes and no row gets lost.

use proptest::{prelude::*, sample::Index};

use crate::{
    fuzz::budget,
    roundtrip::{Layout, learned, read},
    system::Outcome,
    written::{Code, DIALECTS, Dialect, Sale, sales},
};

const TOKENS: &[&str] = &[
    "",
    "-",
    "0",
    "00",
    "1",
    "-1",
    "12",
    "1.5",
    "1,5",
    "1.234",
    "1,234",
    "1.234,50",
    "1,234.50",
    "1 234",
    "1'234",
    "12.50",
    "12,50",
    "-12,50",
    "(12,50)",
    "12,50-",
    "€ 12,50",
    "$12.50",
    "12,50 USD",
    "£9",
    "1e3",
    "1E+05",
    "0x1F",
    "NaN",
    "50%",
    "n/a",
    "#REF!",
    "=1+1",
    "99999999999999999999",
    "1.2.3",
    "12.34.56",
    "--5",
    "1,23,456",
    "１２",
    "٣",
    "½",
    "Total",
    "Summe",
    "Zwischensumme",
    "Gesamt:",
    "Returns",
    "Storno",
    "31.03.2026",
    "03/04/2026",
    "2026-02-30",
    "2026-04-01",
    "March 2026",
    "46082",
    "1899-12-31",
    "32.01.2026",
    "Menge",
    "Umsatz EUR brutto",
    "Datum",
    "EAN",
    "4006381333931",
    "4006381333932",
    "4.00638E+12",
    "Jena",
    "a\nb",
    "x\"y",
    "a;b,c\td|e",
    "\u{202e}12",
    "\u{200b}",
    "\u{a0}",
    "TRUE",
    "Summe Jena",
    "Total 2026",
];

/// A table of texts with some cells replaced.
fn damaged(
    layout: Layout,
    sales: &[Sale],
    dialect: &Dialect,
    damage: &[(Index, Index, &str)],
) -> (String, Vec<(usize, usize)>) {
    let stores = Code::Utf8.stores();
    let mut lines: Vec<Vec<String>> = sales.iter().map(|sale| layout.cells(sale, stores, dialect)).collect();
    let mut at = Vec::new();
    for (row, column, token) in damage {
        let row = row.index(lines.len());
        let column = column.index(lines[row].len());
        lines[row][column] = (*token).to_owned();
        at.push((row, column));
    }
    let text = lines.iter().map(|line| dialect.line(line)).collect::<String>();
    (dialect.line(&layout.header()) + &text, at)
}

impl Layout {
    /// The shipped layout takes no rows without an EAN, and says so; a row without figures says nothing.
    fn leaves_out(self, columns: &[usize]) -> bool {
        let (ean, figures) = match self {
            Self::Shipped => (Some(4), [5, 6]),
            Self::Unknown => (None, [4, 5]),
        };
        ean.is_some_and(|ean| columns.contains(&ean)) || figures.iter().all(|figure| columns.contains(figure))
    }
}

fn check(
    layout: Layout,
    outcome: &Outcome,
    sales: &[Sale],
    damaged: &[(usize, usize)],
    text: &str,
) -> Result<(), TestCaseError> {
    let Ok(report) = &outcome.report else { return Ok(()) };
    if report.holds() {
        return Ok(());
    }
    let stores = Code::Utf8.stores();
    for (index, sale) in sales.iter().enumerate() {
        let number = u32::try_from(index).unwrap() + 2;
        let found: Vec<_> = outcome.main_rows().filter(|row| row.source.row == number).collect();
        let columns: Vec<usize> =
            damaged.iter().filter(|(row, _)| *row == index).map(|(_, column)| *column).collect();
        let rejected = report.rejects.iter().any(|reject| reject.row == number);
        if columns.is_empty() {
            prop_assert!(found.len() == 1 && !rejected, "row {} became {} rows", number, found.len());
        } else if !layout.leaves_out(&columns) {
            prop_assert!(
                found.len() + usize::from(rejected) == 1,
                "the damaged row {} got lost: {}",
                number,
                text
            );
        }
        let Some(row) = found.first() else { continue };
        let expected = layout.facts(sale, stores);
        let actual = layout.facts_of(row);
        for ((column, expected), actual) in expected.iter().zip(&actual) {
            if !columns.contains(column) {
                prop_assert_eq!(expected, actual, "row {} column {}: {}", number, column, text);
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(budget(400))]

    #[test]
    fn a_damaged_cell_changes_no_other(
        sales in sales(),
        dialect in prop::sample::select(&DIALECTS[..]),
        damage in prop::collection::vec((any::<Index>(), any::<Index>(), prop::sample::select(TOKENS)), 1..3),
        way in 0..3,
    ) {
        let layout = if way == 0 { Layout::Shipped } else { Layout::Unknown };
        let (text, at) = damaged(layout, &sales, &dialect, &damage);
        let outcome = match way {
            0 => read(text.as_bytes(), "sales.csv", None, &[]),
            1 => read(text.as_bytes(), "sales.csv", Some("acme"), &[]),
            _ => read(text.as_bytes(), "sales.csv", None, &[learned()]),
        };
        check(layout, &outcome, &sales, &at, &text)?;
    }
}
