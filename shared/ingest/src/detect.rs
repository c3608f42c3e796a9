//! Whose file it is. What is in the file counts more than its name; the brand's name counts nothing.

mod candidate;

pub(crate) use candidate::{ALL_PLACES, Candidate, PLACES, names_a_sum};

use crate::{
    Input, Profiles, Refusal,
    cell::{Cell, Row},
    document::{Bounds, Document},
    header::{self, Found},
    profile::{Profile, Role},
    text,
};

/// Headers stand within the first rows, below titles and notes, or below the first blocks of a sheet. No header band is
/// wider, and no header word longer.
const PEEK: Bounds = Bounds { rows: 150, columns: 600, text: |text| text::shorten(text, 200) };
/// Sheets looked at.
const PEEK_SHEETS: usize = 64;
/// Cells looked at in all sheets together.
const PEEK_CELLS: usize = 200_000;

/// The beginning of a sheet.
pub(crate) struct Peek {
    pub(crate) name: Option<String>,
    pub(crate) rows: Vec<Row>,
    /// Texts of the rows by column, folded for comparing.
    pub(crate) words: Vec<Vec<(u32, String)>>,
    /// Whether figures stand in a row, so that it is none of a header.
    pub(crate) has_figures: Vec<bool>,
    pub(crate) hidden: bool,
}

impl Peek {
    pub(crate) fn new(name: Option<String>, rows: Vec<Row>, hidden: bool) -> Self {
        let fold = |(column, cell): &(u32, Cell)| match cell {
            Cell::Text(text) => Some((*column, text::compact(text))),
            _ => None,
        };
        let words = rows.iter().map(|row| row.cells.iter().filter_map(fold).collect()).collect();
        let has_figures = rows.iter().map(header::has_figures).collect();
        Self { name, rows, words, has_figures, hidden }
    }
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
        let rows = document.beginning(sheet, &PEEK, &mut cells_left)?;
        peeks.push(Peek::new(name, rows, document.is_hidden(sheet)));
    }
    Ok(peeks)
}

pub(crate) fn detect<'a>(input: &Input<'_>, profiles: &'a Profiles, peeks: &[Peek]) -> Verdict<'a> {
    let hint = input.answer("vendor").or(input.vendor_hint);
    let hinted = hint.and_then(|vendor| profiles.find(vendor));
    let mut candidates: Vec<Candidate<'a>> = Vec::new();
    for profile in profiles.iter().filter(|p| hinted.is_none_or(|hinted| hinted.vendor == p.vendor)) {
        let by_name = hinted.is_some() || candidate::is_named(profile, input.file_name, peeks);
        let fitting = profile
            .layouts
            .iter()
            .filter_map(|layout| candidate::candidate(profile, layout, by_name, input, peeks));
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
        0 => Verdict::Unknown(
            hinted.or_else(|| profiles.iter().find(|p| candidate::is_named(p, input.file_name, peeks))),
        ),
        1 => Verdict::Known(Box::new(candidates.swap_remove(0))),
        count => {
            candidates.truncate(count);
            Verdict::Several(candidates)
        }
    }
}

/// The best fitting layout of a profile that was made for this file.
pub(crate) fn made_for<'a>(profile: &'a Profile, input: &Input<'_>, peeks: &[Peek]) -> Option<Candidate<'a>> {
    let fitting =
        profile.layouts.iter().filter_map(|layout| candidate::candidate(profile, layout, true, input, peeks));
    fitting.max_by(|a, b| a.confidence.total_cmp(&b.confidence))
}

/// The main table of a candidate, which detection guarantees.
pub(crate) fn main_table<'a>(candidate: &'a Candidate<'_>) -> Option<(&'a crate::profile::Table, &'a Found)> {
    let main = candidate.layout.main()?;
    let index = candidate.layout.tables.iter().position(|table| std::ptr::eq(table, main))?;
    Some((main, candidate.tables.get(index)?.first()?))
}

/// Whether a required figure stands above two columns, so that it is open which one counts.
pub(crate) fn doubled_figure(found: &Found) -> Option<(Role, usize)> {
    found.doubled.iter().copied().find(|(role, _)| role.is_figure())
}
