//! Whose file it is. What is in the file counts more than its name; the brand's name counts nothing.

use std::ops::ControlFlow;

use crate::{
    Input, Profiles, Refusal,
    cell::{Cell, Row},
    document::Document,
    header::{self, Found},
    profile::{Layout, Profile, Role},
    text,
};

/// Headers stand within the first rows, below titles and notes.
const PEEK_ROWS: usize = 60;
/// No header band is wider.
const PEEK_COLUMNS: u32 = 600;
/// Sheets looked at.
const PEEK_SHEETS: usize = 64;
/// Cells looked at in all sheets together.
const PEEK_CELLS: usize = 200_000;
/// Header words are shorter.
const PEEK_CHARS: usize = 200;

/// A layout that fits the file.
pub(crate) struct Candidate<'a> {
    pub(crate) profile: &'a Profile,
    pub(crate) layout: &'a Layout,
    /// Tables of the layout, in its order; `None` where the file has no such table.
    pub(crate) tables: Vec<Option<Found>>,
    /// Further sheets of a main table that stands on several.
    pub(crate) further: Vec<Found>,
    /// Further sheets that fit the main table as well, but are not expected.
    pub(crate) rivals: Vec<String>,
    pub(crate) confidence: f64,
}

/// The beginning of a sheet.
pub(crate) struct Peek {
    pub(crate) name: Option<String>,
    pub(crate) rows: Vec<Row>,
}

/// What can be said about the sender.
pub(crate) enum Verdict<'a> {
    Known(Box<Candidate<'a>>),
    /// Several vendors send such files.
    Several(Vec<Candidate<'a>>),
    /// No layout fits. The vendor, where the name or a person says one.
    Unknown(Option<&'a Profile>),
}

pub(crate) fn peek(document: &mut Document) -> Result<Vec<Peek>, Refusal> {
    let names: Vec<Option<String>> =
        document.sheets().into_iter().map(|name| name.map(str::to_owned)).collect();
    let mut peeks = Vec::new();
    let mut cells_left = PEEK_CELLS;
    for (sheet, name) in names.into_iter().enumerate().take(PEEK_SHEETS) {
        let mut rows = Vec::new();
        document.rows(sheet, &mut |row| {
            let near = row.cells.iter().filter(|(column, _)| *column < PEEK_COLUMNS).take(cells_left);
            let cells: Vec<(u32, Cell)> = near.map(|(column, cell)| (*column, shortened(cell))).collect();
            cells_left -= cells.len();
            rows.push(Row { number: row.number, cells });
            if rows.len() < PEEK_ROWS && cells_left > 0 {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        })?;
        peeks.push(Peek { name, rows });
    }
    Ok(peeks)
}

fn shortened(cell: &Cell) -> Cell {
    match cell {
        Cell::Text(text) => Cell::Text(text::shorten(text, PEEK_CHARS)),
        other => other.clone(),
    }
}

pub(crate) fn detect<'a>(input: &Input<'_>, profiles: &'a Profiles, peeks: &[Peek]) -> Verdict<'a> {
    let hint = input.answer("vendor").or(input.vendor_hint);
    let hinted = hint.and_then(|vendor| profiles.find(vendor));
    let mut candidates: Vec<Candidate<'a>> = Vec::new();
    for profile in profiles.iter().filter(|p| hinted.is_none_or(|hinted| hinted.vendor == p.vendor)) {
        let by_name = hinted.is_some() || named_in(input.file_name, profile);
        let fitting = profile.layouts.iter().filter_map(|layout| candidate(profile, layout, by_name, peeks));
        let Some(best) = fitting.max_by(|a, b| a.confidence.total_cmp(&b.confidence)) else { continue };
        // A vendor may have several profiles; of two that fit equally well the later one was made for this.
        match candidates.iter_mut().find(|other| other.profile.vendor == profile.vendor) {
            Some(other) if other.confidence > best.confidence => {}
            Some(other) => *other = best,
            None => candidates.push(best),
        }
    }
    candidates.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    /// Two vendors this close are not told apart by evidence.
    const MARGIN: f64 = 0.05;
    let close = candidates.first().map_or(0.0, |best| best.confidence - MARGIN);
    match candidates.iter().filter(|c| c.confidence > close).count() {
        0 => Verdict::Unknown(hinted.or_else(|| profiles.iter().find(|p| named_in(input.file_name, p)))),
        1 => Verdict::Known(Box::new(candidates.swap_remove(0))),
        count => {
            candidates.truncate(count);
            Verdict::Several(candidates)
        }
    }
}

/// The best fitting layout of a profile that was made for this file.
pub(crate) fn made_for<'a>(profile: &'a Profile, peeks: &[Peek]) -> Option<Candidate<'a>> {
    let fitting = profile.layouts.iter().filter_map(|layout| candidate(profile, layout, true, peeks));
    fitting.max_by(|a, b| a.confidence.total_cmp(&b.confidence))
}

fn named_in(file_name: &str, profile: &Profile) -> bool {
    let name = text::compact(file_name);
    profile.file_words.iter().any(|word| name.contains(&text::compact(word)))
}

/// How well a layout fits: 0.6 for the required headers, the rest for further headers, sheet names and the vendor's
/// word in the file name. Generic headers say little, so there the name is required and counts less.
fn candidate<'a>(
    profile: &'a Profile,
    layout: &'a Layout,
    by_name: bool,
    peeks: &[Peek],
) -> Option<Candidate<'a>> {
    if layout.generic && !by_name {
        return None;
    }
    let mut tables = Vec::new();
    let (mut rivals, mut further) = (Vec::new(), Vec::new());
    let (mut named, mut columns_found, mut columns_known) = (0.0, 0, 0);
    for table in &layout.tables {
        let is_main = table.cut.as_ref().is_some_and(domain::Cut::is_main);
        let mut fits: Vec<Found> = peeks
            .iter()
            .enumerate()
            .filter_map(|(sheet, peek)| header::locate(table, sheet, peek.name.as_deref(), &peek.rows))
            .collect();
        if is_main && fits.is_empty() {
            return None;
        }
        let main_sheet = tables.first().and_then(|main: &Option<Found>| main.as_ref()).map(|main| main.sheet);
        fits.retain(|found| Some(found.sheet) != main_sheet);
        if table.sheets.is_empty() || fits.iter().any(|found| found.named) {
            fits.retain(|found| found.named || table.sheets.is_empty());
            named += 1.0;
        }
        if is_main && table.all_sheets {
            further = fits.split_off(1.min(fits.len()));
        } else if is_main {
            rivals = fits.iter().skip(1).map(|found| found.sheet_name.clone().unwrap_or_default()).collect();
        }
        if let Some(found) = fits.first() {
            columns_found += found.columns.len();
            columns_known += table.columns.len();
        }
        tables.push(fits.into_iter().next());
    }
    let share = |part: f64, whole: usize| part / f64::from(u32::try_from(whole.max(1)).unwrap_or(1));
    let headers = share(f64::from(u32::try_from(columns_found).unwrap_or(0)), columns_known);
    let name = if by_name { 0.1 } else { 0.0 };
    let base = if layout.generic { 0.4 } else { 0.6 };
    let confidence = base + 0.2 * headers + 0.1 * share(named, layout.tables.len()) + name;
    Some(Candidate { profile, layout, tables, further, rivals, confidence })
}

/// The main table of a candidate, which detection guarantees.
pub(crate) fn main_table<'a>(candidate: &'a Candidate<'_>) -> Option<(&'a crate::profile::Table, &'a Found)> {
    let main = candidate.layout.main()?;
    let index = candidate.layout.tables.iter().position(|table| std::ptr::eq(table, main))?;
    Some((main, candidate.tables.get(index)?.as_ref()?))
}

/// Whether a required figure stands above two columns, so that it is open which one counts.
pub(crate) fn doubled_figure(found: &Found) -> Option<Role> {
    let in_pivot = !found.groups.is_empty();
    found.doubled.iter().copied().find(|role| role.is_figure() && !in_pivot)
}
