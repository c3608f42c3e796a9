//! Reading a figure cell, the words that mark totals, and comparing sums.

use domain::Control;
use rust_decimal::Decimal;

use crate::{
    accept::Fault,
    cell::{Cell, Row, address},
    number::{self, Dialect},
    text,
};

/// Sums of binary fractions are off by less than this; a cent is not.
const TOLERANCE: Decimal = Decimal::from_parts(4, 0, 0, false, 3);

/// Beyond a trillion, in whatever currency, a cell holds no figure but a damaged one or an EAN. So products of two figures
/// and sums of all rows stay exact.
const LIMIT: Decimal = Decimal::from_parts(0xd4a5_1000, 0xe8, 0, false, 0);

/// Whether a number may be pieces or money.
pub(crate) fn is_sane(number: Decimal) -> bool {
    number.abs() < LIMIT
}

/// The number in a cell; `None` where there is none.
pub(crate) fn read(row: &Row, column: u32, dialect: Dialect) -> Result<Option<Decimal>, Fault> {
    match number(row, column, dialect)? {
        Some(number) if !is_sane(number) => Err(Fault {
            code: "number_invalid",
            message: "The number is larger than any figure of a sales report.".to_owned(),
            suggestion: "Correct the figure and upload the file again.",
        }),
        number => Ok(number),
    }
}

/// What a total prints, sane or not: one that cannot be right must not tie by being left out.
pub(crate) fn printed(row: &Row, column: u32, dialect: Dialect) -> Option<Decimal> {
    let number = number(row, column, dialect).ok().flatten()?;
    Some(if is_sane(number) { number } else { LIMIT })
}

/// `13 db`: the unit of pieces behind their number.
fn without_pieces(text: &str) -> &str {
    const UNITS: [&str; 22] = [
        "db", "szt", "stk", "st", "pcs", "pc", "шт", "uds", "ud", "ks", "kpl", "stuks", "adet", "kom", "un",
        "pz", "個", "件", "개", "τεμ", "buc", "tk",
    ];
    let word = text.trim_end().trim_end_matches('.');
    let digits = word.trim_end_matches(char::is_alphabetic);
    let unit = word.get(digits.len()..).unwrap_or_default();
    let is_unit = !unit.is_empty() && UNITS.contains(&text::fold(unit).as_str());
    if is_unit && digits.ends_with(|c: char| c.is_ascii_digit() || c.is_whitespace()) { digits } else { text }
}

fn number(row: &Row, column: u32, dialect: Dialect) -> Result<Option<Decimal>, Fault> {
    match row.get(column) {
        None => Ok(None),
        Some(Cell::Number(number)) => Ok(Some(*number)),
        // A dash is a figure of nothing; a blank is no figure.
        Some(Cell::Text(text)) if number::is_nothing(text) => Ok(Some(Decimal::ZERO)),
        Some(Cell::Text(text)) if text.trim_end().ends_with('%') => Err(Fault {
            code: "number_invalid",
            message: format!("\"{}\" is a share, not a figure.", text::shorten(text.trim(), 60)),
            suggestion: "Write the figure as a plain number.",
        }),
        Some(Cell::Text(text)) => number::parse(without_pieces(text), dialect).map_err(|_| Fault {
            code: "number_invalid",
            message: format!("\"{}\" is no number.", text::shorten(text.trim(), 60)),
            suggestion: "Write the figure as a plain number.",
        }),
        Some(Cell::Error(text)) => Err(Fault {
            code: "formula_error",
            message: format!("The formula in this cell failed: {text}."),
            suggestion: "Repair the formula in the spreadsheet and upload the file again.",
        }),
        Some(Cell::Date(_) | Cell::Bool(_)) => Err(Fault {
            code: "number_invalid",
            message: "A figure is expected here, but the cell holds a date or a yes/no value.".to_owned(),
            suggestion: "Format the cell as a number.",
        }),
    }
}

/// Words for a sum of everything above.
const TOTALS: [&str; 98] = [
    "합계",
    "총계",
    "소계",
    "total",
    "totals",
    "grand total",
    "general total",
    "overall total",
    "sum",
    "totaal",
    "eindtotaal",
    "algemeen totaal",
    "gesamt",
    "summe",
    "gesamtsumme",
    "gesamtergebnis",
    "endsumme",
    "insgesamt",
    "somme",
    "total général",
    "total general",
    "ensemble",
    "totaux",
    "totales",
    "suma",
    "suma total",
    "total geral",
    "soma",
    "totale",
    "totale complessivo",
    "totale generale",
    "somma",
    "razem",
    "ogółem",
    "łącznie",
    "suma końcowa",
    "suma ogólna",
    "разом",
    "всього",
    "усього",
    "загальний підсумок",
    "сума",
    "итого",
    "всего",
    "общий итог",
    "celkem",
    "spolu",
    "összesen",
    "summa",
    "totalt",
    "yhteensä",
    "toplam",
    "genel toplam",
    "i alt",
    "ialt",
    "totalsumma",
    "totalsum",
    "samlet",
    "yhteensa",
    "mindosszesen",
    "végösszeg",
    "ukupno",
    "skupaj",
    "sveukupno",
    "spolu celkem",
    "celkem vše",
    "σύνολο",
    "γενικό σύνολο",
    "合計",
    "総計",
    "总计",
    "合计",
    "total generale",
    "total geral da loja",
    "ergebnis",
    "result",
    "overall result",
    "résultat",
    "résultat global",
    "resultado",
    "resultado global",
    "risultato",
    "wynik",
    "wynik ogólny",
    "totaalresultaat",
    "resultaat",
    "total global",
    "totaal generaal",
    "grand totals",
    "net total",
    "sum total",
    "загальна сума",
    "итого общий",
    "общо",
    "totaal alle",
    "kopā",
    "viso",
    "kokku",
];
/// Words for a sum of the rows since the one before.
const SUBTOTALS: [&str; 9] = [
    "sub total",
    "subtotal",
    "sub-total",
    "zwischensumme",
    "sous-total",
    "sous total",
    "subtotaal",
    "suma częściowa",
    "проміжний підсумок",
];

/// Whether a total row sums up only the rows since the one before.
pub(crate) fn is_subtotal(label: &str) -> bool {
    let folded = text::fold(label);
    SUBTOTALS.contains(&folded.trim_end_matches(':').trim_end())
}

/// What a total row sums up, by its words: `CANDLES Total` -> `Some("candles")`, `Grand Total` -> `Some("")`.
pub(crate) fn total_of(label: &str) -> Option<String> {
    let folded = text::fold(label);
    let folded = folded.trim_end_matches(':').trim_end();
    if TOTALS.contains(&folded) || SUBTOTALS.contains(&folded) {
        return Some(String::new());
    }
    let behind = [" total", " summe", " toplam", " celkem", " razem", " totaal"];
    behind.iter().find_map(|word| folded.strip_suffix(word)).map(str::to_owned)
}

/// Whether the first words of a row say that it is a total.
pub(crate) fn is_total(row: &Row) -> bool {
    let label = row.cells.iter().find_map(|(_, cell)| match cell {
        Cell::Text(label) => Some(label),
        _ => None,
    });
    label.is_some_and(|label| total_of(label).is_some())
}

/// Whether a label says first that it is a total: `Total Soho`. Products may have such names, too.
pub(crate) fn begins_with_total(label: &str) -> bool {
    const FRONTS: [&str; 16] = [
        "total ",
        "totals ",
        "totale ",
        "totaal ",
        "gesamt ",
        "summe ",
        "suma ",
        "somme ",
        "soma ",
        "sum ",
        "razem ",
        "celkem ",
        "toplam ",
        "итого ",
        "разом ",
        "всього ",
    ];
    let folded = text::fold(label);
    FRONTS.iter().any(|front| folded.starts_with(front))
        || SUBTOTALS
            .iter()
            .any(|word| folded.strip_prefix(word).is_some_and(|rest| rest.starts_with([' ', ':'])))
}

/// Whether a name in a column of stores stands for all of them.
pub(crate) fn is_of_all(name: &str) -> bool {
    const ALL: [&str; 30] = [
        "all",
        "all stores",
        "all shops",
        "all doors",
        "all locations",
        "all branches",
        "total stores",
        "company total",
        "alle",
        "alle filialen",
        "alle häuser",
        "alle standorte",
        "tous",
        "tous magasins",
        "tous les magasins",
        "tous points de vente",
        "todas",
        "todas las tiendas",
        "todos los centros",
        "tutti",
        "tutti i negozi",
        "tutti i punti vendita",
        "alle winkels",
        "alle filiaal",
        "wszystkie",
        "wszystkie sklepy",
        "todas as lojas",
        "alla butiker",
        "všechny prodejny",
        "tüm mağazalar",
    ];
    let folded = text::fold(name);
    ALL.contains(&folded.as_str()) || total_of(name).is_some_and(|of| of.is_empty())
}

/// A printed total against a sum of rows.
pub(crate) fn control(
    name: String,
    sheet: Option<&str>,
    cell: Option<(u32, u32)>,
    expected: Decimal,
    actual: Decimal,
) -> Control {
    Control {
        name,
        sheet: sheet.map(str::to_owned),
        cell: cell.map(|(column, row)| address(column, row)),
        expected,
        actual,
        ok: ties(expected, actual),
    }
}

pub(crate) fn ties(expected: Decimal, actual: Decimal) -> bool {
    (expected - actual).abs() <= TOLERANCE
}
