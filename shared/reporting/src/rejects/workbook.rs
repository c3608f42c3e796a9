//! The sender's table with the rejected cells marked.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::Reject;
use rust_xlsxwriter::Workbook;

use super::{
    list,
    sheet::{Budget, EXCEL_ROWS, Formats, Marks, SheetWriter},
};
use crate::Error;

/// The sheet with the list comes first, so that it is what opens.
const LIST_NAME: &str = "Rejects";
/// Excel's limit is 31; a number may follow to tell two names apart.
const NAME_CHARS_MAX: usize = 26;
/// More cells than these and a sheet is shown in parts: nobody looks through it whole.
const WHOLE_CELLS_MAX: usize = 50_000;

/// A workbook under way. Sheets of the sender are added one after the other; the list is written last.
pub struct RejectWorkbook<'a> {
    workbook: Workbook,
    rejects: &'a [Reject],
    marks: HashMap<Option<String>, Marks<'a>>,
    /// Names in the workbook of the sender's sheets; lower-case ones that are taken.
    names: HashMap<Option<String>, String>,
    taken: BTreeSet<String>,
    formats: Formats,
    budget: Budget,
    notes: Vec<String>,
}

impl<'a> RejectWorkbook<'a> {
    /// # Errors
    /// Never for the name of our own sheet; the type of the writer has them.
    pub fn new(rejects: &'a [Reject]) -> Result<Self, Error> {
        let mut workbook = Workbook::new();
        workbook.add_worksheet().set_name(LIST_NAME)?;
        let mut marks: HashMap<Option<String>, Marks<'_>> = HashMap::new();
        for reject in rejects {
            let rows: &mut BTreeMap<u32, Vec<&Reject>> = marks.entry(reject.sheet.clone()).or_default();
            rows.entry(reject.row).or_default().push(reject);
        }
        Ok(Self {
            workbook,
            rejects,
            marks,
            names: HashMap::new(),
            taken: BTreeSet::from([LIST_NAME.to_lowercase()]),
            formats: Formats::new(),
            budget: Budget::full(),
            notes: Vec::new(),
        })
    }

    /// Whether something of this sheet was rejected; the others need not be added.
    #[must_use]
    pub fn marks(&self, sheet: Option<&str>) -> bool {
        self.marks.contains_key(&sheet.map(str::to_owned))
    }

    /// A sentence below the list.
    pub fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    /// Adds a sheet of the sender and lets `fill` hand over its rows, in order. `cells` is how many it has, or so many
    /// that it is large; `None` names the one table of a text file.
    ///
    /// # Errors
    /// When `fill` fails or the workbook cannot be written.
    pub fn sheet(
        &mut self,
        name: Option<&str>,
        cells: usize,
        fill: impl FnOnce(&mut SheetWriter<'_, 'a>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let key = name.map(str::to_owned);
        let Some(marks) = self.marks.get(&key) else { return Ok(()) };
        let shown = safe_name(name.unwrap_or("Data"), &mut self.taken);
        let worksheet = self.workbook.add_worksheet().set_name(&shown)?;
        let whole = cells <= WHOLE_CELLS_MAX;
        worksheet.hide_unused_rows(!whole);
        let mut writer =
            SheetWriter::new(worksheet, &self.formats, &mut self.budget, marks, whole, name.is_some());
        fill(&mut writer)?;
        if let Some(row) = writer.finish()? {
            self.notes.push(format!(
                "The table \"{shown}\" is too large to be shown further than row {row}; this list goes on."
            ));
        }
        self.names.insert(key, shown);
        Ok(())
    }

    /// The bytes of the file.
    ///
    /// # Errors
    /// When the workbook cannot be written.
    pub fn finish(mut self) -> Result<Vec<u8>, Error> {
        let names = &self.names;
        let place = |reject: &Reject| {
            let sheet = names.get(&reject.sheet).filter(|_| (1..=EXCEL_ROWS).contains(&reject.row))?;
            Some(format!("internal:'{sheet}'!A{}", reject.row))
        };
        let sheet = self.workbook.worksheet_from_index(0)?;
        list::write(sheet, self.rejects, &self.notes, place)?;
        Ok(self.workbook.save_to_buffer()?)
    }
}

/// A name that Excel takes and that no other sheet has.
fn safe_name(name: &str, taken: &mut BTreeSet<String>) -> String {
    let plain = |c: char| if c.is_control() || "[]:*?/\\'".contains(c) { '_' } else { c };
    let short: String = name.trim().chars().take(NAME_CHARS_MAX).map(plain).collect();
    // Excel keeps this one for itself.
    let short =
        if short.is_empty() || short.eq_ignore_ascii_case("history") { format!("{short}_") } else { short };
    let mut candidates = (2..).map(|n| format!("{short} ({n})"));
    let mut candidate = short.clone();
    while !taken.insert(candidate.to_lowercase()) {
        candidate = candidates.next().unwrap_or_default();
    }
    candidate
}

#[cfg(test)]
mod name_tests {
    use super::*;

    #[test]
    fn sheets_keep_their_names_as_far_as_excel_allows() {
        let mut taken = BTreeSet::from(["rejects".to_owned()]);
        let names = ["März 2026", "REJECTS", "a/b:c", "", "History", &"x".repeat(40), &"x".repeat(41)];
        let safe: Vec<String> = names.iter().map(|name| safe_name(name, &mut taken)).collect();
        let long = "x".repeat(26);
        assert_eq!(
            safe,
            ["März 2026", "REJECTS (2)", "a_b_c", "_", "History_", &long, &format!("{long} (2)")]
        );
        assert!(safe.iter().all(|name| name.chars().count() <= 31));
    }
}
