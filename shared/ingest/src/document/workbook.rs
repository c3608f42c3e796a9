//! Workbooks (XLSX, XLSM) as streams of rows: a small reader on zip.
//!
//! Written by hand because hostile files must cost nothing: no count that a file declares is used to reserve
//! memory, no range is laid out, sizes are measured while inflating.

mod cells;
mod part;
mod strings;
mod styles;
mod xml;

use std::{collections::HashMap, fs::File, path::Path};

use part::Package;
use strings::SharedStrings;
use styles::Styles;
use xml::{Node, Xml};

use super::{Marks, Visitor};
use crate::Refusal;

/// More sheets than this are no sales report.
const MAX_SHEETS: usize = 512;

pub(crate) struct Workbook {
    package: Package,
    sheets: Vec<Sheet>,
    strings: SharedStrings,
    styles: Styles,
    /// What the sheet that was read last shows as money.
    marks: Marks,
    /// Dates count from 1904 (old Macintosh workbooks).
    since_1904: bool,
}

struct Sheet {
    name: String,
    part: String,
    hidden: bool,
}

impl Workbook {
    pub(super) fn open(path: &Path) -> Result<Self, Refusal> {
        let file = File::open(path).map_err(|_| unreadable())?;
        let mut package = Package::open(file)?;
        let main = workbook_part(&mut package)?;
        let (folder, base) = main.rsplit_once('/').unwrap_or(("", &main));
        let relations = relations(&mut package, folder, &format!("{folder}/_rels/{base}.rels"))?;
        let (sheets, since_1904) = sheets(&mut package, &main, &relations)?;
        let part_of_kind = |kind: &str| {
            relations.values().find(|relation| relation.kind.ends_with(kind)).map(|r| r.target.clone())
        };
        let strings = match part_of_kind("/sharedStrings") {
            Some(part) => SharedStrings::read(&mut package, &part)?,
            None => SharedStrings::default(),
        };
        let styles = match part_of_kind("/styles") {
            Some(part) => Styles::read(&mut package, &part)?,
            None => Styles::default(),
        };
        Ok(Self { package, sheets, strings, styles, marks: Marks::new(), since_1904 })
    }

    pub(super) fn sheet_names(&self) -> impl Iterator<Item = &str> {
        self.sheets.iter().map(|sheet| sheet.name.as_str())
    }

    pub(super) fn is_hidden(&self, sheet: usize) -> bool {
        self.sheets.get(sheet).is_some_and(|sheet| sheet.hidden)
    }

    pub(super) fn marks(&self) -> &Marks {
        &self.marks
    }

    pub(super) fn rows(&mut self, sheet: usize, visit: &mut Visitor<'_>) -> Result<(), Refusal> {
        let Some(sheet) = self.sheets.get(sheet) else { return Ok(()) };
        let mut xml = match self.package.part(&sheet.part)? {
            Some(part) => Xml::new(part),
            None => return Ok(()),
        };
        let context =
            cells::Context { strings: &self.strings, styles: &self.styles, since_1904: self.since_1904 };
        self.marks.clear();
        cells::rows(&mut xml, context, &mut self.marks, visit)
    }
}

pub(super) fn unreadable() -> Refusal {
    Refusal::new(
        "workbook_unreadable",
        "The workbook is damaged or was not sent completely. Please open it in Excel, save it again and upload that file.",
    )
}

struct Relation {
    kind: String,
    target: String,
}

fn workbook_part(package: &mut Package) -> Result<String, Refusal> {
    let relations = relations(package, "", "_rels/.rels")?;
    let main = relations.into_values().find(|relation| relation.kind.ends_with("/officeDocument"));
    match main {
        Some(relation) if package.has(&relation.target) => Ok(relation.target),
        _ if package.has("xl/workbook.xml") => Ok("xl/workbook.xml".to_owned()),
        _ => Err(Refusal::new(
            "not_a_workbook",
            "This is a ZIP archive, but no Excel workbook is in it. Please upload the files one by one, as XLSX or CSV.",
        )),
    }
}

fn relations(package: &mut Package, folder: &str, part: &str) -> Result<HashMap<String, Relation>, Refusal> {
    let mut relations = HashMap::new();
    let Some(part) = package.part(part)? else { return Ok(relations) };
    let mut xml = Xml::new(part);
    while let Some(node) = xml.next()? {
        if let Node::Open(element) = node
            && element.is("Relationship")
            && relations.len() < 4 * MAX_SHEETS
            && let (Some(id), Some(kind), Some(target)) =
                (element.attribute("Id"), element.attribute("Type"), element.attribute("Target"))
        {
            relations.insert(id, Relation { kind, target: resolve(folder, &target) });
        }
    }
    Ok(relations)
}

/// A target is relative to the folder of its source unless it begins with a slash.
fn resolve(folder: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut path: Vec<&str> = folder.split('/').filter(|segment| !segment.is_empty()).collect();
    for segment in target.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                path.pop();
            }
            _ => path.push(segment),
        }
    }
    path.join("/")
}

fn sheets(
    package: &mut Package,
    main: &str,
    relations: &HashMap<String, Relation>,
) -> Result<(Vec<Sheet>, bool), Refusal> {
    let mut sheets = Vec::new();
    let mut since_1904 = false;
    let part = package.part(main)?.ok_or_else(unreadable)?;
    let mut xml = Xml::new(part);
    while let Some(node) = xml.next()? {
        let Node::Open(element) = node else { continue };
        if element.is("workbookPr") {
            since_1904 = matches!(element.attribute("date1904").as_deref(), Some("1" | "true"));
        }
        if element.is("sheet")
            && let (Some(name), Some(id)) = (element.attribute("name"), element.attribute("id"))
            && let Some(relation) = relations.get(&id).filter(|r| r.kind.ends_with("/worksheet"))
        {
            if sheets.len() == MAX_SHEETS {
                return Err(Refusal::new("too_many_sheets", "The workbook has more than 512 sheets."));
            }
            let hidden = element.attribute("state").is_some_and(|state| state != "visible");
            sheets.push(Sheet { name, part: relation.target.clone(), hidden });
        }
    }
    if sheets.is_empty() {
        return Err(unreadable());
    }
    Ok((sheets, since_1904))
}
