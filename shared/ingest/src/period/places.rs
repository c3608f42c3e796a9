//! Where a file may state its period as a whole: its name, the sheet's name, the cells above the table.

use chrono::NaiveDate;
use domain::Period;

use crate::{
    Input,
    calendar::{self, Time},
    cell::{Cell, Row, address},
    date::{self, Order},
    detect::Peek,
    file_name,
    header::Found,
    profile::{PeriodPlace, PeriodRule},
    span, text,
};

/// Every period that one of the places states, and the words it stands in.
pub(super) fn in_places(
    input: &Input<'_>,
    rule: &PeriodRule,
    peeks: &[Peek],
    main: Option<&Found>,
) -> Vec<(Period, String)> {
    let mut stated = Vec::new();
    for place in &rule.places {
        match place {
            PeriodPlace::FileName => {
                let periods = periods_in(input.file_name).into_iter();
                stated.extend(periods.map(|period| (period, FILE_NAME.to_owned())));
            }
            PeriodPlace::SheetName => {
                let name = main.and_then(|main| main.sheet_name.as_deref());
                let period = name.and_then(|name| match periods_in(name)[..] {
                    [period] => Some(period),
                    _ => file_name::period_in_text(name)
                        .or_else(|| month_of_year(name, year_of(input, peeks, main)?)),
                });
                stated.extend(period.map(|period| (period, "the name of the sheet".to_owned())));
            }
            PeriodPlace::Title => {
                let Some(main) = main else { continue };
                let above = peeks.get(main.sheet).into_iter().flat_map(|peek| &peek.rows);
                let above: Vec<&Row> =
                    above.filter(|row| row.number < main.header_row || is_filter(row)).collect();
                if let Some((period, cell)) = between_cells(&above) {
                    stated.push((period, format!("cell {cell}")));
                    continue;
                }
                for row in above {
                    stated.extend(row.cells.iter().filter_map(|(column, cell)| {
                        let period = in_title(cell)?;
                        Some((period, format!("cell {}", address(*column, row.number))))
                    }));
                }
            }
        }
    }
    stated
}

/// `March`, in the year that the file states elsewhere.
fn month_of_year(name: &str, year: i32) -> Option<Period> {
    let Some(Time::Month(month)) = calendar::of_text(name) else { return None };
    Period::month(year, month)
}

/// The year that a person, the file name or the titles state, if it is only one.
fn year_of(input: &Input<'_>, peeks: &[Peek], main: Option<&Found>) -> Option<i32> {
    if let Some(told) = super::answered_year(input) {
        return Some(told);
    }
    let mut years = calendar::years_in(input.file_name);
    let rows = main.and_then(|main| peeks.get(main.sheet).map(|peek| (peek, main.header_row)));
    let titles =
        rows.iter().flat_map(|(peek, header)| peek.rows.iter().take_while(|row| row.number < *header));
    for (_, cell) in titles.flat_map(|row| &row.cells) {
        years.extend(calendar::years_in(&cell.text()));
    }
    years.sort_unstable();
    years.dedup();
    if let [year] = years[..] { Some(year) } else { None }
}

/// Whether a title says when the file was made.
pub(crate) fn is_of_export(title: &str) -> bool {
    const WORDS: [&str; 20] = [
        "export",
        "exported",
        "created",
        "printed",
        "generated",
        "run",
        "updated",
        "as",
        "erstellt",
        "exportiert",
        "gedruckt",
        "stand",
        "imprimé",
        "édité",
        "extrait",
        "generado",
        "impreso",
        "generato",
        "wygenerowano",
        "wydrukowano",
    ];
    text::words(title).iter().any(|word| WORDS.contains(&word.as_str()))
}

/// The period of a title; the day of an export is none.
fn in_title(cell: &Cell) -> Option<Period> {
    let Cell::Text(title) = cell else { return None };
    if is_of_export(title) {
        return None;
    }
    match periods_in(title)[..] {
        [period] => Some(period),
        [] => span::week_ending(title),
        _ => None,
    }
}

/// What a report was filtered by may stand below it.
fn is_filter(row: &Row) -> bool {
    const WORDS: [&str; 5] = [
        "applied filters",
        "filters applied",
        "angewendete filter",
        "filtres appliqués",
        "filtros aplicados",
    ];
    match &row.cells[..] {
        [(_, Cell::Text(text))] => WORDS.iter().any(|word| text::fold(text).starts_with(word)),
        _ => false,
    }
}

/// `From | 01.03.2026 | To | 31.03.2026`: both days in cells of their own, with the last one's address.
fn between_cells(above: &[&Row]) -> Option<(Period, String)> {
    const FROM: [&str; 22] = [
        "from",
        "von",
        "vom",
        "ab",
        "de",
        "du",
        "desde",
        "dal",
        "da",
        "van",
        "od",
        "start",
        "begin",
        "beginn",
        "début",
        "inicio",
        "inizio",
        "fra",
        "från",
        "з",
        "с",
        "początek",
    ];
    const TO: [&str; 22] = [
        "to", "until", "bis", "au", "à", "hasta", "al", "a", "tot", "t/m", "do", "end", "ende", "fin",
        "fine", "einde", "koniec", "til", "till", "по", "до", "até",
    ];
    let cells: Vec<(u32, u32, &Cell)> = above
        .iter()
        .flat_map(|row| row.cells.iter().map(|(column, cell)| (*column, row.number, cell)))
        .collect();
    let day_behind = |words: &[&str]| {
        let mut found = cells.windows(2).filter_map(|pair| match pair {
            [(_, _, Cell::Text(label)), (column, row, cell)] => {
                let label = text::fold(label);
                let is = |word: &&str| label.trim_end_matches(':').split(' ').any(|part| part == *word);
                let short = label.split(' ').count() <= 3;
                Some((day_of(cell).filter(|_| short && words.iter().any(is))?, address(*column, *row)))
            }
            _ => None,
        });
        found.next().filter(|_| found.next().is_none())
    };
    let ((first, _), (last, cell)) = (day_behind(&FROM)?, day_behind(&TO)?);
    Some((Period::new(first, last).ok()?, cell))
}

/// The day in a cell that has one reading only.
fn day_of(cell: &Cell) -> Option<NaiveDate> {
    match cell {
        Cell::Date(day) => Some(*day),
        Cell::Text(text) => {
            let [one, other] = [Order::DayFirst, Order::MonthFirst].map(|order| date::parse(text, order));
            one.or(other).filter(|day| other.is_none_or(|other| other == *day))
        }
        _ => None,
    }
}

pub(super) const FILE_NAME: &str = "the file name";

/// Spans that a text states in full, otherwise its months.
fn periods_in(text: &str) -> Vec<Period> {
    let spans = span::spans(text);
    if spans.is_empty() { file_name::periods(text) } else { spans }
}
