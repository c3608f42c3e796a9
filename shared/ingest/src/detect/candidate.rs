//! How well a layout fits a file.

use domain::{Currency, Cut};

use super::Peek;
use crate::{
    Input,
    cell::{Cell, Row},
    figures,
    header::{self, Found, Place},
    infer, number, period,
    profile::{Layout, Profile, Table},
    text,
};

/// Titles stand in the first rows and fill few cells.
const TITLE_ROWS: usize = 8;
const TITLE_CELLS: usize = 3;

/// Answers for columns that have the same header.
pub(crate) const PLACES: [&str; 6] = ["first", "second", "third", "fourth", "fifth", "sixth"];

/// All of them.
pub(crate) const ALL_PLACES: &str = "all";

/// A layout that fits the file.
pub(crate) struct Candidate<'a> {
    pub(crate) profile: &'a Profile,
    pub(crate) layout: &'a Layout,
    /// Where the tables of the layout stand, in its order: nowhere, once, or several times.
    pub(crate) tables: Vec<Vec<Found>>,
    /// Further sheets that fit the main table as well, but are not expected.
    pub(crate) rivals: Vec<String>,
    pub(crate) confidence: f64,
}

/// Whether the file name, a title or a column of resellers names the vendor.
pub(super) fn is_named(profile: &Profile, file_name: &str, peeks: &[Peek]) -> bool {
    let words: Vec<String> = profile.file_words.iter().map(|word| text::compact(word)).collect();
    let contains = |name: &str| {
        let name = text::compact(name);
        words.iter().any(|word| name.contains(word.as_str()))
    };
    let is = |name: &str| {
        let name = text::compact(name);
        words.contains(&name)
            || name == text::compact(&profile.vendor)
            || name == text::compact(&profile.name)
    };
    contains(file_name)
        || peeks.iter().any(|peek| titles(&peek.rows).any(contains) || resellers(&peek.rows).any(is))
}

fn titles(rows: &[Row]) -> impl Iterator<Item = &str> {
    let first = rows.iter().take(TITLE_ROWS).take_while(|row| row.cells.len() < TITLE_CELLS);
    first.flat_map(|row| &row.cells).filter_map(|(_, cell)| match cell {
        Cell::Text(title) => Some(title.as_str()),
        _ => None,
    })
}

/// The cells below a header that announces the sender.
fn resellers(rows: &[Row]) -> impl Iterator<Item = &str> {
    const HEADERS: [&str; 6] = ["reseller", "vendor", "retailer", "distributor", "wholesaler", "sprzedawca"];
    let header = rows.iter().enumerate().find_map(|(index, row)| {
        let (column, _) =
            row.cells.iter().find(|(_, cell)| HEADERS.contains(&text::compact(&cell.text()).as_str()))?;
        Some((index, *column))
    });
    let below = header.map(|(index, column)| (rows.get(index + 1..).unwrap_or_default(), column));
    below.into_iter().flat_map(|(rows, column)| {
        rows.iter().filter_map(move |row| match row.get(column) {
            Some(Cell::Text(name)) => Some(name.as_str()),
            _ => None,
        })
    })
}

/// How well a layout fits: 0.6 for the required headers, the rest for further headers, sheet names and the vendor's
/// word in the file name. Generic headers say little: there the vendor must be named, or several sheets have the
/// names that only its files have.
pub(super) fn candidate<'a>(
    profile: &'a Profile,
    layout: &'a Layout,
    by_name: bool,
    input: &Input<'_>,
    peeks: &[Peek],
) -> Option<Candidate<'a>> {
    /// One sheet may have its name by chance.
    const NAMED_SHEETS: usize = 2;
    if layout.generic && !by_name && layout.tables.len() < NAMED_SHEETS {
        return None;
    }
    let mut tables: Vec<Vec<Found>> = Vec::new();
    let mut rivals = Vec::new();
    let (mut named, mut columns_found, mut columns_known) = (0, 0, 0);
    for table in &layout.tables {
        let is_main = table.cut.as_ref().is_some_and(Cut::is_main);
        let mut fits = locate(table, input, peeks);
        fits.retain(|found| !has_news(table, found, peeks));
        let taken = |found: &Found| {
            tables
                .iter()
                .flatten()
                .any(|other| (other.sheet, other.header_row) == (found.sheet, found.header_row))
        };
        fits.retain(|found| !taken(found));
        // What its sender hid is an older state, or help for what is seen.
        let is_seen = |found: &Found| peeks.get(found.sheet).is_some_and(|peek| !peek.hidden);
        if fits.iter().any(is_seen) {
            fits.retain(is_seen);
        }
        let as_expected = fits.iter().any(|found| found.named);
        if as_expected {
            fits.retain(|found| found.named);
        } else if !is_main && table.grid.is_some() && !table.sheets.is_empty() && peeks.len() > 1 {
            // Figures under months look alike: only its name tells a further sheet.
            fits.clear();
        }
        if is_main && fits.is_empty() {
            return None;
        }
        named += usize::from(as_expected || table.sheets.is_empty());
        if is_main && !table.all_sheets {
            by_answer(&mut fits, input);
        }
        let first = fits.first().map(|found| found.sheet);
        let elsewhere = |found: &&Found| Some(found.sheet) != first;
        if is_main && !table.all_sheets {
            rivals = fits
                .iter()
                .filter(elsewhere)
                .map(|found| found.sheet_name.clone().unwrap_or_default())
                .collect();
        }
        of_table_alone(table, &mut fits, first, peeks);
        if let Some(found) = fits.first() {
            columns_found += explained(found, table);
            columns_known += table.columns.len().max(1);
        }
        tables.push(fits);
    }
    if layout.generic
        && !by_name
        && tables.iter().flatten().filter(|found| found.named).count() < NAMED_SHEETS
    {
        return None;
    }
    if !by_name && !is_distinct(layout, &tables) {
        return None;
    }
    end_at_next(&mut tables);
    let headers = share(columns_found, columns_known);
    let name = if by_name { 0.1 } else { 0.0 };
    let base = if layout.generic { 0.4 } else { 0.6 };
    let confidence = base + 0.2 * headers + 0.1 * share(named, layout.tables.len()) + name;
    Some(Candidate { profile, layout, tables, rivals, confidence })
}

/// Without the vendor's name its own header words must stand there, or a name of a sheet that is more than digits:
/// words that mean the same are everybody's.
fn is_distinct(layout: &Layout, tables: &[Vec<Found>]) -> bool {
    layout.tables.iter().zip(tables).any(|(table, found)| {
        // Headers with gaps are as telling as words.
        let telling =
            !table.unnamed.is_empty() || table.sheets.iter().any(|name| name.contains(char::is_alphabetic));
        let is_main = table.cut.as_ref().is_some_and(Cut::is_main);
        found.iter().any(|found| (found.named && telling) || (is_main && found.own_words))
    })
}

/// Whether a header that was not there when the layout was learned may change what the rows mean.
fn has_news(table: &Table, found: &Found, peeks: &[Peek]) -> bool {
    let (Some(others), Some(peek)) = (&table.others, peeks.get(found.sheet)) else { return false };
    let fold = |word: &String| text::compact(&text::fold(header::ordinal(word).0));
    let known: Vec<String> = table.columns.values().flatten().chain(others).map(fold).collect();
    let Some(at) = peek.rows.iter().position(|row| row.number == found.header_row) else { return false };
    let is_something = |cell: &Cell| match cell {
        Cell::Number(number) => !number.is_zero(),
        Cell::Text(text) => {
            !number::is_nothing(text)
                && (!number::is_number(text) || text.contains(|c| ('1'..='9').contains(&c)))
        }
        _ => true,
    };
    let filled =
        |column: u32| peek.rows.iter().skip(at + 1).any(|row| row.get(column).is_some_and(is_something));
    peek.rows.get(at).is_some_and(|header| {
        header.cells.iter().any(|(column, cell)| match cell {
            Cell::Text(title) => {
                !known.contains(&text::compact(&text::fold(title)))
                    && infer::changes_rows(title)
                    && filled(*column)
            }
            _ => false,
        })
    })
}

/// Keeps the sheet of a table, or all that belong to it.
fn of_table_alone(table: &Table, fits: &mut Vec<Found>, first: Option<usize>, peeks: &[Peek]) {
    if !table.all_sheets {
        fits.retain(|found| Some(found.sheet) == first);
        return;
    }
    if fits.iter().any(|found| !is_summary(found)) {
        // A sheet that sums up the others would count everything twice.
        fits.retain(|found| !is_summary(found));
    }
    name_currencies(fits, peeks);
}

/// Sheets of one table may be in different currencies, as their names or titles say.
fn name_currencies(fits: &mut [Found], peeks: &[Peek]) {
    let stated = |found: &Found| -> Option<Currency> {
        let above = peeks.get(found.sheet).into_iter().flat_map(|peek| &peek.rows);
        let above = above.take_while(|row| row.number < found.header_row).flat_map(|row| &row.cells);
        let titles = above.filter_map(|(_, cell)| match cell {
            Cell::Text(title) => number::currency_of(title),
            _ => None,
        });
        let mut codes: Vec<&str> =
            found.sheet_name.iter().filter_map(|name| number::currency_of(name)).chain(titles).collect();
        codes.sort_unstable();
        codes.dedup();
        if let [code] = codes[..] { code.parse().ok() } else { None }
    };
    let stated: Vec<Option<Currency>> = fits.iter().map(stated).collect();
    let known = || stated.iter().flatten();
    if known().any(|one| known().any(|other| one != other)) {
        for (found, currency) in fits.iter_mut().zip(&stated) {
            found.currency = *currency;
        }
    }
}

/// The sheet that a person chose comes first.
fn by_answer(fits: &mut [Found], input: &Input<'_>) {
    let answer = input.answer("sheet").unwrap_or_default();
    fits.sort_by_key(|found| found.sheet_name.as_deref() != Some(answer));
}

/// Whether a sheet has the name of a sum.
fn is_summary(found: &Found) -> bool {
    found.sheet_name.as_deref().is_some_and(names_a_sum)
}

/// Whether a name is that of a sum.
pub(crate) fn names_a_sum(name: &str) -> bool {
    const WORDS: [&str; 22] = [
        "ytd",
        "year to date",
        "jahr gesamt",
        "kumuliert",
        "cumul",
        "acumulado",
        "år til dato",
        "narastająco",
        "summary",
        "overview",
        "all",
        "zusammenfassung",
        "übersicht",
        "alle",
        "synthèse",
        "resumen",
        "riepilogo",
        "overzicht",
        "podsumowanie",
        "souhrn",
        "özet",
        "consolidated",
    ];
    figures::total_of(name).is_some() || {
        let folded = text::fold(name);
        WORDS.contains(&folded.as_str())
            || text::words(name).iter().any(|word| WORDS.contains(&word.as_str()))
    }
}

fn locate(table: &Table, input: &Input<'_>, peeks: &[Peek]) -> Vec<Found> {
    let of_sheet = |(sheet, peek): (usize, &Peek)| {
        let year = period::answered_year(input);
        let nth = input.answer("column").and_then(|answer| PLACES.iter().position(|place| *place == answer));
        let place = Place {
            sheet_name: peek.name.as_deref(),
            file_name: input.file_name,
            year,
            nth: nth.map(|nth| nth + 1),
            every: input.answer("column") == Some(ALL_PLACES),
        };
        header::locate(table, sheet, &place, peek)
    };
    peeks.iter().enumerate().flat_map(of_sheet).collect()
}

/// Columns of the table that the header has.
fn explained(found: &Found, table: &Table) -> usize {
    if table.grid.is_none() {
        return found.columns.len();
    }
    let has = |pick: fn(&header::Group) -> Option<u32>| {
        usize::from(found.groups.iter().any(|group| pick(group).is_some()))
    };
    (found.columns.len() + has(|group| group.quantity) + has(|group| group.amount))
        .min(table.columns.len().max(1))
}

/// A table ends where the next one of its sheet begins.
fn end_at_next(tables: &mut [Vec<Found>]) {
    let headers: Vec<(usize, u32)> =
        tables.iter().flatten().map(|found| (found.sheet, found.header_row)).collect();
    for found in tables.iter_mut().flatten() {
        let below = headers.iter().filter(|(sheet, row)| *sheet == found.sheet && *row > found.header_row);
        found.last_row = below.map(|(_, row)| row.saturating_sub(1)).min();
    }
}

fn share(part: usize, whole: usize) -> f64 {
    let number = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    number(part) / number(whole.max(1))
}
